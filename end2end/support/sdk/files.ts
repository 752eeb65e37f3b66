import { AttachmentType } from '@team-plain/typescript-sdk';
import { expect } from '@playwright/test';
import { done, refusal } from './answers';
import type { Rows } from './rows';

const content = 'Print, and burn.';

export const files: Rows = {
  async createAttachmentUploadUrl(sdk, world) {
    const [{ id: customerId }, { id: threadId }] = [await world.customer(), await world.thread({ channel: 'CHAT' as never })];
    const file = { customerId, fileName: 'manual.txt', fileSizeBytes: content.length, attachmentType: AttachmentType.Chat };
    const { attachment, uploadFormUrl, uploadFormData, expiresAt } = done(await sdk.createAttachmentUploadUrl(file));
    expect(attachment).toMatchObject({ __typename: 'Attachment', fileName: 'manual.txt', fileExtension: 'txt', fileSize: { __typename: 'FileSize' } });
    expect(Number(expiresAt.unixTimestamp)).toBeGreaterThan(Date.now());

    const chat = { customerId, threadId, text: 'Here.', attachmentIds: [attachment.id] };
    expect(refusal(await sdk.sendChat(chat)), 'not yet').toBe('VALIDATION attachment_not_uploaded');
    const form = new FormData();
    for (const { key, value } of uploadFormData) form.append(key, value);
    form.append('file', new Blob([content], { type: 'text/plain' }), 'manual.txt');
    const uploaded = await fetch(uploadFormUrl, { method: 'POST', body: form });
    expect(uploaded.ok, await uploaded.text()).toBe(true);
    expect(done(await sdk.sendChat(chat)).attachments).toEqual([{ id: attachment.id }]);

    expect(refusal(await sdk.createAttachmentUploadUrl({ ...file, fileName: 'virus.exe' }))).toMatch(/^VALIDATION attachment_file_type_not_allowed/);
    expect(refusal(await sdk.createAttachmentUploadUrl({ ...file, fileSizeBytes: 101_000_000 }))).toMatch(/^VALIDATION attachment_file_size_too_large/);
    expect(refusal(await sdk.createAttachmentUploadUrl({ ...file, customerId: 'c_none' }))).toBe('VALIDATION not_found, customerId NOT_FOUND');
  },
};
