-- What Plain tells by webhook. Times are milliseconds since 1970 (UTC).

-- Events that have been taken in: each counts once, however often it is delivered.
CREATE TABLE webhook_events (
    id TEXT NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL
);

CREATE INDEX webhook_events_by_age ON webhook_events (received_at);

-- When something that customers may see last changed in a thread, and by what kind of event.
CREATE TABLE thread_changes (
    thread_id TEXT NOT NULL PRIMARY KEY,
    changed_at BIGINT NOT NULL,
    event TEXT NOT NULL
);

CREATE INDEX thread_changes_by_age ON thread_changes (changed_at);
