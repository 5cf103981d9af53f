-- One of each kind of thing that a database holds.
CREATE SCHEMA "Odd.""Schema";
CREATE TYPE mood AS ENUM ('good', 'bad''ly');
CREATE TABLE plain (id bigserial PRIMARY KEY, gone int, x float8, y float4, j json, b jsonb, t timestamptz, i interval, y2 bytea, m mood, r int4range, a text[], n numeric, c "char", k regclass);
INSERT INTO plain (x, y, j, b, t, i, y2, m, r, a, n, c, k) SELECT pi() / n, 1.0 / n, '{"a":  1,"a":2}', '{"b": null, "a": 1e400}',
 now() - n * interval '1 s', n * interval '1 mon 3 s', decode('00ff5c', 'hex'), 
 'bad''ly', int4range(1, n + 2), ARRAY['', NULL, '\', E'\n'], 1.10, 'x', 'plain' FROM generate_series(1, 500) n;
ALTER TABLE plain DROP COLUMN gone;
ALTER TABLE plain ADD COLUMN twice float8 GENERATED ALWAYS AS (x * 2) STORED;
CREATE TABLE "Odd.""Schema"."Ta.ble %s {}" ("a,b" text, "select" text);
INSERT INTO "Odd.""Schema"."Ta.ble %s {}" VALUES (NULL, ''), ('', NULL), ('NULL', 'ünï'), (NULL, '');
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
CREATE TABLE empty (id int GENERATED ALWAYS AS IDENTITY);
CREATE UNLOGGED TABLE unlogged AS SELECT 1 AS one;
CREATE TABLE parts (at date, v int) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE part_2 PARTITION OF parts DEFAULT;
INSERT INTO parts SELECT '2024-06-01'::date + n * 30, n FROM generate_series(1, 20) n;
CREATE TABLE parent (b int, a int);
CREATE TABLE child (own text, a int, b int);
ALTER TABLE child INHERIT parent;
INSERT INTO parent VALUES (1, 2);
INSERT INTO child VALUES ('own', 3, 4);
CREATE MATERIALIZED VIEW seen AS SELECT count(*) FROM plain;
CREATE MATERIALIZED VIEW unseen AS SELECT 1 AS one WITH NO DATA;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE far (id int) SERVER elsewhere;
CREATE SEQUENCE "Down" INCREMENT -2 MINVALUE -100 MAXVALUE 100 START 50;
SELECT nextval('"Down"');
SELECT lo_from_bytea(4711, '\x00ff'), lo_from_bytea(4712, ''), lo_from_bytea(4713, decode(repeat('ab', 3000000), 'hex'));
CREATE TABLE django_migrations (app text, name text);
INSERT INTO django_migrations VALUES ('exams', '0001_initial'), ('exams', '0002_more');
