-- Kept in step with ../sqlite/0004_pings.sql. Whether anything can be written shows only when something is.
CREATE TABLE pings (number BIGINT NOT NULL);
INSERT INTO pings (number) VALUES (0);
