-- Kept in step with ../sqlite/0005_agent.sql.
-- ElevenLabs' id of the agent that calls; NULL before the dial, and in rows of the time before this column.
ALTER TABLE calls ADD COLUMN agent_id TEXT;
