"""Defects that a restored database can have, each with the step that has to find it, and what that says of it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

# Beside the application's own tables: one of each kind that a backup has to carry.
SCHEMA = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA "Odd Names";
CREATE TYPE grade AS ENUM ('pass', 'fail');
CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE school (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, head bigint);
CREATE TABLE person (
    id serial PRIMARY KEY, school bigint NOT NULL REFERENCES school DEFERRABLE INITIALLY DEFERRED,
    email text NOT NULL, born date, mark percent, CONSTRAINT person_is_of_age CHECK (born < '2020-01-01')
);
ALTER TABLE school ADD CONSTRAINT school_head FOREIGN KEY (head) REFERENCES person (id);
CREATE UNIQUE INDEX person_email ON person (lower(email));
CREATE TABLE seat (hall int, number int, person int REFERENCES person, PRIMARY KEY (hall, number));
CREATE TABLE booking (hall int, number int, day date, FOREIGN KEY (hall, number) REFERENCES seat MATCH FULL);
CREATE TABLE event (id bigserial, day date NOT NULL, said jsonb, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE SEQUENCE ticket START 1000;
CREATE TABLE ticket_sold (number int PRIMARY KEY DEFAULT nextval('ticket'), result grade);
CREATE SEQUENCE down INCREMENT -1 MAXVALUE -1;
CREATE TABLE depth (level int PRIMARY KEY DEFAULT nextval('down'));
CREATE TABLE "Odd Names"."Tab""le" ("Co lumn" text, bytes bytea, tags text[], range int4range, point vector(2));
CREATE VIEW adults AS SELECT id FROM person;
CREATE MATERIALIZED VIEW by_school AS SELECT school, count(*) AS people FROM person GROUP BY school;
"""
ROWS = """
INSERT INTO school (name) SELECT 'school ' || n FROM generate_series(1, 5) n;
INSERT INTO person (school, email, born, mark)
SELECT 1 + n % 5, 'Person' || n || '@example.test', date '1980-01-01' + n, n % 101 FROM generate_series(1, 200) n;
UPDATE school SET head = id;
INSERT INTO seat SELECT 1 + n / 50, n, n FROM generate_series(1, 150) n;
INSERT INTO booking SELECT hall, number, date '2026-01-01' + number FROM seat;
INSERT INTO booking VALUES (NULL, NULL, '2026-05-05');
INSERT INTO event (day, said) SELECT date '2025-01-01' + n, jsonb_build_object('n', n) FROM generate_series(1, 600) n;
INSERT INTO ticket_sold (result) SELECT 'pass' FROM generate_series(1, 20);
INSERT INTO depth SELECT FROM generate_series(1, 3);
INSERT INTO "Odd Names"."Tab""le" SELECT 'ä ' || n, '\\xff00', ARRAY['a', NULL], int4range(n, n + 2), '[1,2]'
FROM generate_series(1, 10) n;
SELECT lo_from_bytea(4711, '\\x00ff');
INSERT INTO exams_exam (title, subject, status, created_at, updated_at)
SELECT 'exam ' || n, '', 'draft', now(), now() FROM generate_series(1, 30) n;
REFRESH MATERIALIZED VIEW by_school;
"""
MEANS = {"REPLICA;": "SET session_replication_role = replica;", "CATALOG;": "SET allow_system_table_mods = on;"}
"""What lets a session do what PostgreSQL would refuse: leave triggers alone, change its catalog."""


@dataclass(frozen=True)
class Defect:
    """What is done to a good database, and what the drill has to say."""

    name: str
    sql: str
    step: str
    said: str
    """A regular expression."""

    @property
    def statements(self) -> str:
        """As PostgreSQL takes them."""
        return functools.reduce(lambda sql, word: sql.replace(word, MEANS[word]), MEANS, self.sql)


DEFECTS = [
    # rows
    Defect("a table's rows are missing", "REPLICA; DELETE FROM person", "contents", r"public\.person"),
    Defect("one row is missing", "REPLICA; DELETE FROM seat WHERE number = 7", "contents", r"public\.seat"),
    Defect("one row of the application is missing", "DELETE FROM exams_exam WHERE id = 3", "contents", "exams_exam"),
    Defect("one row is there twice", "INSERT INTO booking SELECT * FROM booking LIMIT 1", "contents", "booking"),
    Defect("a row came from nowhere", "INSERT INTO school (name) VALUES ('new')", "contents", r"public\.school"),
    Defect("a value has changed", "UPDATE person SET mark = mark - 1 WHERE id = 100", "contents", r"public\.person"),
    Defect("a value has become NULL", "UPDATE person SET born = NULL WHERE id = 9", "contents", r"public\.person"),
    Defect("two rows have swapped values",
           "UPDATE person SET mark = CASE id WHEN 1 THEN 2 ELSE 1 END WHERE id IN (1, 2)", "contents", "person"),
    Defect("white space is lost", "UPDATE exams_exam SET title = 'exam1' WHERE id = 1", "contents", "exams_exam"),
    Defect("a letter is in another encoding", """UPDATE "Odd Names"."Tab""le" SET "Co lumn" = 'Ã¤ 1'
           WHERE "Co lumn" = 'ä 1'""", "contents", "Odd Names"),
    Defect("bytes are cut", """UPDATE "Odd Names"."Tab""le" SET bytes = '\\xff'""", "contents", "Odd Names"),
    Defect("an array has lost a NULL", """UPDATE "Odd Names"."Tab""le" SET tags = ARRAY['a']""", "contents", "Odd"),
    Defect("a range has another bound", """UPDATE "Odd Names"."Tab""le" SET range = '[1,9)'
           WHERE lower(range) = 1""", "contents", "Odd Names"),
    Defect("a JSON value has another type", """UPDATE event SET said = '{"n": "5"}' WHERE said ->> 'n' = '5'""",
           "contents", "event"),
    Defect("a partition is empty", "TRUNCATE event_2025", "contents", "event_2025"),
    Defect("a partition is detached", "ALTER TABLE event DETACH PARTITION event_2026; DROP TABLE event_2026",
           "contents", "event_2026"),
    Defect("a table is gone", "DROP TABLE booking", "contents", r"public\.booking"),
    Defect("a table is under another name", "ALTER TABLE booking RENAME TO bookings", "contents", r"public\.booking"),
    Defect("a schema is gone", 'DROP SCHEMA "Odd Names" CASCADE', "contents", "Odd Names"),
    Defect("a materialised view is gone", "DROP MATERIALIZED VIEW by_school", "contents", "by_school"),
    Defect("a materialised view was never filled", "REFRESH MATERIALIZED VIEW by_school WITH NO DATA",
           "contents", "by_school"),
    Defect("a large object is gone", "SELECT lo_unlink(4711)", "contents", "large object"),
    Defect("a large object has other bytes", "SELECT lo_put(4711, 0, '\\x01')", "contents", "large object"),
    Defect("an extension is gone", "DROP EXTENSION vector CASCADE", "contents", "vector"),
    Defect("a table that nobody knows", "CREATE TABLE stray (a int)", "contents", "stray"),
    # sequences
    Defect("a sequence is behind", "SELECT setval('person_id_seq', 5)", "sequences", "would give 6 next"),
    Defect("a sequence was never called", "ALTER SEQUENCE person_id_seq RESTART", "sequences", "would give 1 next"),
    Defect("a sequence gives the last number again", "SELECT setval('person_id_seq', 200, false)",
           "sequences", "would give 200 next"),
    Defect("an identity is behind", "ALTER TABLE school ALTER id RESTART WITH 2", "sequences", r"public\.school\.id"),
    Defect("an identity of the application is behind", "ALTER TABLE exams_exam ALTER id RESTART WITH 1",
           "sequences", "exams_exam"),
    Defect("a sequence of a partitioned table is behind", "SELECT setval('event_id_seq', 10)",
           "sequences", r"public\.event\.id"),
    Defect("a sequence that only a default names is behind", "SELECT setval('ticket', 1001)",
           "sequences", "ticket_sold"),
    Defect("a sequence that counts down is behind", "SELECT setval('down', -1)", "sequences", "depth"),
    # constraints
    Defect("a row has lost its parent", "REPLICA; DELETE FROM school WHERE id = 5",
           "constraints", r"rows of public\.person have no row in public\.school"),
    Defect("a key of two columns has lost its parent", "REPLICA; DELETE FROM seat WHERE number = 9",
           "constraints", r"1 row of public\.booking have no row"),
    Defect("a key is half NULL", "REPLICA; UPDATE booking SET number = NULL WHERE number = 3",
           "constraints", r"1 row of public\.booking have no row"),
    Defect("a cycle of tables is broken", "REPLICA; UPDATE school SET head = 9999 WHERE id = 1",
           "constraints", "school_head"),
    Defect("a foreign key was never checked", """ALTER TABLE seat DROP CONSTRAINT seat_person_fkey,
           ADD CONSTRAINT seat_person_fkey FOREIGN KEY (person) REFERENCES person NOT VALID""",
           "constraints", "seat_person_fkey .* NOT VALID"),
    Defect("a check was never made", """ALTER TABLE person DROP CONSTRAINT person_is_of_age,
           ADD CONSTRAINT person_is_of_age CHECK (born < '2020-01-01') NOT VALID""",
           "constraints", "person_is_of_age .* NOT VALID"),
    Defect("a check of the application is broken", """
           ALTER TABLE exams_exam DROP CONSTRAINT exam_has_times_unless_draft;
           UPDATE exams_exam SET status = 'open' WHERE id = 4;
           ALTER TABLE exams_exam ADD CONSTRAINT exam_has_times_unless_draft
           CHECK (status = 'draft' OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)) NOT VALID""",
           "constraints", r"1 row of public\.exams_exam break the check exam_has_times_unless_draft"),
    Defect("a check is said to hold and does not", """CATALOG; ALTER TABLE person DROP CONSTRAINT person_is_of_age;
           UPDATE person SET born = '2021-01-01' WHERE id = 1;
           ALTER TABLE person ADD CONSTRAINT person_is_of_age CHECK (born < '2020-01-01') NOT VALID;
           UPDATE pg_constraint SET convalidated = true WHERE conname = 'person_is_of_age'""",
           "constraints", "break the check person_is_of_age"),
    Defect("a domain was never checked", "ALTER DOMAIN percent ADD CONSTRAINT even CHECK (VALUE % 2 >= 0) NOT VALID",
           "constraints", "the constraint even of the domain percent is NOT VALID"),
    Defect("a unique key is there twice", """CATALOG;
           UPDATE pg_index SET indisready = false WHERE indexrelid = 'person_email'::regclass;
           INSERT INTO person (school, email) VALUES (1, 'PERSON7@example.test');
           UPDATE pg_index SET indisready = true WHERE indexrelid = 'person_email'::regclass""",
           "constraints", "1 key of public.person are there more than once"),
    Defect("the triggers of foreign keys are off", "ALTER TABLE seat DISABLE TRIGGER ALL",
           "constraints", "seat_person_fkey of public.seat is not enforced"),
    # indexes
    Defect("an index was never finished",
           "CATALOG; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'person_email'::regclass",
           "indexes", "the index person_email of public.person is invalid"),
    # migrations
    Defect("an index of the application is gone", "DROP INDEX exam_status_opens", "migrations",
           r"the index on exams_exam .*status, opens_at"),
    Defect("a primary key of the application is gone",
           "ALTER TABLE exams_exam DROP CONSTRAINT exams_exam_pkey CASCADE",
           "migrations", "the constraint on exams_exam .PRIMARY KEY"),
    Defect("a check of the application is gone",
           "ALTER TABLE exams_exam DROP CONSTRAINT exam_closes_after_it_opens", "migrations",
           "the constraint on exams_exam .CHECK"),
    Defect("a foreign key of the application is gone", """DO $$ DECLARE k record; BEGIN
           SELECT conrelid::regclass AS t, conname INTO k FROM pg_constraint
           WHERE contype = 'f' AND conrelid::regclass::text LIKE 'auth_%' LIMIT 1;
           EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', k.t, k.conname); END $$""",
           "migrations", "the constraint on auth_.* .FOREIGN KEY"),
    Defect("a column of the application is gone", "ALTER TABLE exams_exam DROP COLUMN subject",
           "migrations", r"the column exams_exam\.subject"),
    Defect("a column may be NULL now", "ALTER TABLE exams_exam ALTER title DROP NOT NULL", "migrations",
           r"the column exams_exam\.title"),
    Defect("a column has another type", "ALTER TABLE exams_exam ALTER title TYPE varchar(500)", "migrations",
           r"the column exams_exam\.title"),
    Defect("a column is numbered by nothing", "ALTER TABLE exams_exam ALTER id DROP IDENTITY", "migrations",
           r"the default of exams_exam\.id"),
    Defect("a table of the application is gone", "DROP TABLE exams_exam CASCADE", "migrations",
           "the table exams_exam"),
    Defect("a migration is not applied", "DELETE FROM django_migrations WHERE app = 'exams' AND name LIKE '0001%'",
           "migrations", r"the migration exams\.0001\w* of the release is not applied"),
    Defect("a migration that the release does not have",
           "INSERT INTO django_migrations (app, name, applied) VALUES ('exams', '9999_later', now())",
           "migrations", r"the migration exams\.9999_later is applied"),
    Defect("the history of migrations is gone", "DROP TABLE django_migrations", "migrations",
           "django_migrations is not there"),
]  # fmt: skip
