-- Messages that Plain could not take are sent again by themselves.

-- The viewer who sent it, as JSON: in whose name, and with whose rights, it is sent again.
ALTER TABLE submissions ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN first_at BIGINT NOT NULL DEFAULT 0;
-- Counts the times that somebody took charge of it: whoever finds another number than before comes too late.
ALTER TABLE submissions ADD COLUMN charges BIGINT NOT NULL DEFAULT 0;
-- When it is to be tried again, while its state is waiting.
ALTER TABLE submissions ADD COLUMN due_at BIGINT;
-- Until when an attempt with an unclear end may still turn up.
ALTER TABLE submissions ADD COLUMN settles_at BIGINT;
-- 1 when the customer asked to send it again although it may have arrived.
ALTER TABLE submissions ADD COLUMN again BIGINT NOT NULL DEFAULT 0;

-- From here on the states are:
--   refused  our own rules do not take it; it waits in its form
--   sending  somebody has charge of it, since tried_at
--   waiting  it is tried again at due_at
--   unsent   it is not tried again by itself; the customer decides
--   sent     Plain has it
-- Times of submissions are milliseconds from here on.
UPDATE submissions SET tried_at = tried_at * 1000, unclear_since = unclear_since * 1000;
UPDATE submissions SET first_at = tried_at;
UPDATE submissions SET unclear_since = COALESCE(unclear_since, tried_at) WHERE state = 'sending';
UPDATE submissions SET state = 'refused' WHERE state <> 'sent';

CREATE INDEX submissions_due ON submissions (state, due_at);
