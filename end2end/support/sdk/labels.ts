import { expect } from '@playwright/test';
import { done, refusal } from './answers';
import type { Rows } from './rows';

export const labels: Rows = {
  async createLabelType(sdk) {
    const made = done(await sdk.createLabelType({ name: 'Bug', icon: 'bug', externalId: 'bug' }));
    expect(made).toMatchObject({ __typename: 'LabelType', name: 'Bug', icon: 'bug', isArchived: false, archivedAt: null });
    expect(refusal(await sdk.createLabelType({ name: 'Bugs', externalId: 'bug' }))).toBe('VALIDATION input_validation, externalId VALIDATION');
  },

  async getLabelType(sdk, world) {
    const labelTypeId = await world.labelType();
    expect(done(await sdk.getLabelType({ labelTypeId }))).toMatchObject({ id: labelTypeId, name: 'Bug' });
    expect(done(await sdk.getLabelType({ labelTypeId: 'lt_none' }))).toBeNull();
  },

  async getLabelTypes(sdk, world) {
    const [bug, idea] = [await world.labelType('Bug'), await world.labelType('Idea')];
    await sdk.archiveLabelType({ labelTypeId: idea });
    const ids = async (isArchived?: boolean) => done(await sdk.getLabelTypes({ filters: { isArchived } })).labelTypes.map((it) => it.id);
    expect([await ids(), await ids(false), await ids(true)]).toEqual([[bug, idea], [bug], [idea]]);
    const { labelTypes, pageInfo } = done(await sdk.getLabelTypes({ first: 1 }));
    expect([labelTypes.length, pageInfo.hasNextPage]).toEqual([1, true]);
  },

  async archiveLabelType(sdk, world) {
    const labelTypeId = await world.labelType();
    expect(done(await sdk.archiveLabelType({ labelTypeId }))).toMatchObject({
      isArchived: true,
      archivedAt: { __typename: 'DateTime' },
      archivedBy: { __typename: 'MachineUserActor' },
    });
    const { id: threadId } = await world.thread();
    expect(refusal(await sdk.addLabels({ threadId, labelTypeIds: [labelTypeId] }))).toBe('VALIDATION cannot_add_label_using_archived_label_type');
    // It asks for too little of the error to know it for one.
    await expect(sdk.archiveLabelType({ labelTypeId: 'lt_none' })).rejects.toThrow('Expected value to be non nullable');
  },

  async addLabels(sdk, world) {
    const [{ id: threadId }, bug] = [await world.thread(), await world.labelType()];
    const added = done(await sdk.addLabels({ threadId, labelTypeIds: [bug] }));
    expect(added).toMatchObject([{ __typename: 'Label', labelType: { id: bug, name: 'Bug' }, createdBy: { __typename: 'MachineUserActor' } }]);
    expect(done(await sdk.getThread({ threadId }))?.labels).toEqual(added);
    expect(refusal(await sdk.addLabels({ threadId, labelTypeIds: [bug] })), 'twice').toBe('VALIDATION label_with_given_type_already_added_to_thread');
    expect(refusal(await sdk.addLabels({ threadId, labelTypeIds: ['lt_none'] }))).toBe('VALIDATION not_found, labelTypeIds[0] NOT_FOUND');
  },

  async removeLabels(sdk, world) {
    const [{ id: threadId }, bug] = [await world.thread(), await world.labelType()];
    const labelIds = done(await sdk.addLabels({ threadId, labelTypeIds: [bug] })).map((label) => label.id);
    expect(done(await sdk.removeLabels({ labelIds }))).toBeNull();
    expect(done(await sdk.getThread({ threadId }))?.labels).toEqual([]);
    expect(refusal(await sdk.removeLabels({ labelIds })), 'twice').toBe('VALIDATION not_found, labelIds[0] NOT_FOUND');
  },
};
