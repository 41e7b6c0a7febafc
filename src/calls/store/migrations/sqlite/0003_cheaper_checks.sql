-- The same table and the same promises; only SQLite needs it. An `IN` of three words or more makes SQLite build a table of
-- them whenever it is looked at, here with every change of a row: half the time of a call's statements. SQLite cannot
-- change a constraint, so the rows move. calls_by_age goes: no statement used it.
CREATE TABLE calls_3 (
    seq INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL,
    guard TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    mode TEXT NOT NULL,
    campaign_id BIGINT NOT NULL,
    state TEXT NOT NULL,
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
    questionnaire_age_secs BIGINT,
    CONSTRAINT calls_holding_follows_state CHECK (
        CASE state
            WHEN 'claimed' THEN holding
            WHEN 'dialling' THEN holding
            WHEN 'unknown' THEN holding
            WHEN 'refused' THEN NOT holding
            WHEN 'not_placed' THEN NOT holding
            ELSE TRUE
        END
    )
);

INSERT INTO calls_3 (
    seq, call_id, guard, fingerprint, mode, campaign_id, state, holding, conversation_id, outcome, retry_after_secs,
    questionnaire_loaded, prompt_length, first_message, answered_at, link_expires_at, claimed_at, dialled_at, settled_at,
    settle_until, next_check_at, checks, guarded_until, owner, lease_until, questionnaire_age_secs
)
SELECT
    seq, call_id, guard, fingerprint, mode, campaign_id, state, holding, conversation_id, outcome, retry_after_secs,
    questionnaire_loaded, prompt_length, first_message, answered_at, link_expires_at, claimed_at, dialled_at, settled_at,
    settle_until, next_check_at, checks, guarded_until, owner, lease_until, questionnaire_age_secs
FROM calls;

DROP TABLE calls;
ALTER TABLE calls_3 RENAME TO calls;

CREATE UNIQUE INDEX calls_call_id ON calls (call_id);
CREATE UNIQUE INDEX calls_one_holder ON calls (guard) WHERE holding;
CREATE INDEX calls_by_guard ON calls (guard, seq);
CREATE INDEX calls_in_flight ON calls (state) WHERE state = 'claimed' OR state = 'dialling' OR state = 'unknown';
