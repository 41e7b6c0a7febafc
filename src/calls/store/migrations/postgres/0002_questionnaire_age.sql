-- Kept in step with ../sqlite/0002_questionnaire_age.sql.
-- Seconds; NULL without a questionnaire, and in rows of the time before this column.
ALTER TABLE calls ADD COLUMN questionnaire_age_secs BIGINT;
