-- Times in these tables are milliseconds since 1970 (UTC), as precise as Plain's own.

-- Up to when somebody has read a thread.
CREATE TABLE read_marks (
    customer_id TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, thread_id)
);

CREATE INDEX read_marks_by_age ON read_marks (read_at);

-- Since when, and until when, somebody has come to a team's requests.
CREATE TABLE visits (
    customer_id TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, tenant_id)
);
