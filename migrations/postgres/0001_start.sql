-- Times are seconds since 1970 (UTC).

-- Handoff tokens that have signed somebody in: each works once.
CREATE TABLE used_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- What customers sent: stored before it goes to Plain, kept until it is surely there.
CREATE TABLE submissions (
    customer_id TEXT NOT NULL,
    id TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    -- NULL for a new request.
    thread_id TEXT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    -- sending, sent, unsent
    state TEXT NOT NULL,
    -- Why it is unsent.
    problem TEXT,
    -- The thread in which it arrived.
    sent_to TEXT,
    tried_at BIGINT NOT NULL,
    -- When an attempt was made of which nobody knows whether it arrived; stays until it is known.
    unclear_since BIGINT,
    PRIMARY KEY (customer_id, id)
);

CREATE INDEX submissions_by_place ON submissions (customer_id, tenant_id, thread_id, state);

-- Random keys that this portal made for itself.
CREATE TABLE portal_keys (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

-- Sessions, in the columns that tower-sessions-sqlx-store expects. On SQLite it makes this table itself.
CREATE TABLE tower_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    data BYTEA NOT NULL,
    expiry_date TIMESTAMPTZ NOT NULL
);
