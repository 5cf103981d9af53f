-- Rows by their numbers and the seed; words in capitals are put in by make.py.
-- rows: people
INSERT INTO people (organisation, name, mail, mood, key, born, secret)
    SELECT 1 + n % 50, 'Person ' || n, 'p' || n || '@example.org', (ARRAY['fine', 'so-so']::mood[])[1 + n % 2],
    md5(SEED || 'k' || n)::uuid, '1950-01-01'::date + n % 25000, CASE n % 3 WHEN 0 THEN NULL ELSE
    repeat(md5(SEED || n), 1 + n % 5) END FROM generate_series(1, PEOPLE) n;
-- rows: papers
INSERT INTO papers (author, title, body, facts, raw, tags, during, often, ratio, part, cost, pause, seen,
    local, at, mac, flags, place, digest, search, twin, positive, span)
    SELECT 1 + n % PEOPLE, 'Paper ' || n, b.words, jsonb_build_object('n', n, 'x', n / 7.0, 'k', h, 'l', ARRAY[n, NULL]),
    ('{"b":  ' || n || ', "a": 1, "a": "é"}')::json, ARRAY[h, NULL, '', 'a,"b'], tstzrange(s, s + n * '1 s'::interval),
    int4multirange(int4range(n, n + 3), int4range(n + 9, NULL)), CASE n % 1000 WHEN 0 THEN 'NaN' WHEN 1 THEN '-Infinity'
    WHEN 2 THEN '-0' ELSE pi() / n END, 1.0 / n, n / 3.0, n * '1 mon 2 days 0.001 s'::interval,
    CASE n % 1000 WHEN 3 THEN 'infinity' ELSE s END, '2024-02-29'::timestamp + n * '1 ms'::interval,
    '10.0.0.0/8'::inet + n, '08:00:2b:01:02:03', (n % 256)::bit(8), point(n, 1.0 / n), decode(h, 'hex'),
    to_tsvector('simple', 'paper n' || n % 100), ROW(n, h)::pair, 1 + n % 9, span(n, n + 0.5)
    FROM (SELECT n, md5(SEED || 'p' || n) AS h, '2023-06-01Z'::timestamptz + n * '7 s'::interval AS s
    FROM generate_series(LOW, HIGH) n) p, LATERAL (SELECT string_agg(md5(h || m) || ' ', '') || repeat('words ', 40)
    AS words FROM generate_series(1, 22 + n % 22) m) b;
-- rows: events
INSERT INTO events SELECT n, '2023-01-01Z'::timestamptz + n % 1200 * '1 day'::interval, n % 17,
    jsonb_build_object('kind', n % 17, 'what', md5(SEED || 'e' || n), 'more', n) FROM generate_series(LOW, HIGH) n;
-- rows: files
INSERT INTO files SELECT n, lo_from_bytea((900000 + n)::oid, decode((SELECT coalesce(string_agg(md5(SEED || n || m), ''), '')
    FROM generate_series(1, FILE / 16 * (n % 4)) m), 'hex')), 'file ' || n FROM generate_series(1, FILES) n;
-- rows: small
INSERT INTO organisations (name) SELECT 'Organisation ' || n FROM generate_series(1, 50) n;
INSERT INTO tree SELECT n, nullif(n / 2, 0) FROM generate_series(1, 1000) n;
INSERT INTO tree VALUES (1001, 1002), (1002, 1001);
INSERT INTO base VALUES (1, 'base'); INSERT INTO heir VALUES ('own', 'a', 2), (NULL, '', NULL);
INSERT INTO scratch VALUES (1), (1), (NULL); INSERT INTO no_columns DEFAULT VALUES;
INSERT INTO "Odd ""Names"", é"."Select.From %s {x} \n" VALUES (1, '', NULL, 2), (NULL, NULL, '', NULL), (3, '(', ')', 1);
