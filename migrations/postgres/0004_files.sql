-- Files that go with messages.

-- Those of a message, as JSON: id, name, size, hash, and why one does not go with it.
ALTER TABLE submissions ADD COLUMN files TEXT NOT NULL DEFAULT '[]';

-- Files whose content waits in PORTAL_FILES, under the name of their id.
CREATE TABLE files (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    -- The form that they were picked in.
    submission TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- Milliseconds since 1970 (UTC), like the other times here.
    added_at BIGINT NOT NULL,
    -- Plain's id, once it has been uploaded there, and what for.
    attachment_id TEXT,
    attachment_type TEXT,
    uploaded_at BIGINT
);

CREATE INDEX files_by_customer ON files (customer_id, submission);
