-- Kept in step with ../postgres/0001_calls.sql. Times are milliseconds since 1970, UTC.
CREATE TABLE calls (
    seq INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL,
    guard TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    mode TEXT NOT NULL,
    campaign_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Whether the row keeps other claims away from its guard.
    holding BOOLEAN NOT NULL,
    conversation_id TEXT,
    outcome TEXT,
    retry_after_secs BIGINT,
    questionnaire_loaded BOOLEAN,
    prompt_length BIGINT,
    first_message TEXT,
    answered_at BIGINT,
    link_expires_at BIGINT,
    claimed_at BIGINT NOT NULL,
    dialled_at BIGINT,
    settled_at BIGINT,
    settle_until BIGINT,
    next_check_at BIGINT,
    checks BIGINT NOT NULL DEFAULT 0,
    guarded_until BIGINT NOT NULL,
    owner TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    -- A call in flight always holds its guard; one that was never placed never does.
    CONSTRAINT calls_holding_follows_state CHECK (
        CASE
            WHEN state IN ('claimed', 'dialling', 'unknown') THEN holding
            WHEN state IN ('refused', 'not_placed') THEN NOT holding
            ELSE TRUE
        END
    )
);

CREATE UNIQUE INDEX calls_call_id ON calls (call_id);
-- The promise itself: no two rows hold one guard.
CREATE UNIQUE INDEX calls_one_holder ON calls (guard) WHERE holding;
CREATE INDEX calls_by_guard ON calls (guard, seq);
-- Small at all times: only what is in flight.
CREATE INDEX calls_in_flight ON calls (state) WHERE state IN ('claimed', 'dialling', 'unknown');
CREATE INDEX calls_by_age ON calls (claimed_at);
