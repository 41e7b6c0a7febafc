-- No statement used it. (../sqlite/0003_cheaper_checks.sql does more, which PostgreSQL does not need.)
DROP INDEX calls_by_age;
