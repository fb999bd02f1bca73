-- Asks PostgreSQL about each probe: a row of which one cell is the probe's text.
-- Run by ./run with psql, in an empty database, behind the generated scripts.
\set ON_ERROR_STOP on
SET datestyle TO 'ISO, YMD';

CREATE TEMP TABLE probe_json (line jsonb, id serial);
\copy probe_json (line) FROM 'probes.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMP TABLE outcome (tbl text, field text, type text, probe text, wanted boolean, got boolean, named text, message text);

DO $$
DECLARE
    p record;
    base jsonb;
    cells jsonb;
    key text;
    ok boolean;
    name text;
    message text;
BEGIN
    -- One in three, and all that are accepted: each takes a millisecond.
    FOR p IN SELECT line FROM probe_json WHERE id % 3 = 0 OR (line ->> 'ok')::boolean ORDER BY id LOOP
        IF p.line ? 'base' THEN
            base := p.line -> 'base';
            CONTINUE;
        END IF;
        -- As COPY reads a CSV: an empty cell is NULL.
        cells := base || jsonb_build_object(p.line ->> 'field', NULLIF(p.line ->> 'text', ''));
        name := NULL;
        message := NULL;
        BEGIN
            EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_record(NULL::%I, $1)', p.line ->> 'table', p.line ->> 'table') USING cells;
            ok := true;
            RAISE EXCEPTION USING ERRCODE = 'ZZ001'; -- take the row out again
        EXCEPTION
            WHEN SQLSTATE 'ZZ001' THEN ok := true;
            WHEN OTHERS THEN
                ok := false;
                GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME, message = MESSAGE_TEXT;
        END;
        INSERT INTO outcome VALUES (p.line ->> 'table', p.line ->> 'field', p.line ->> 'type', p.line ->> 'text', (p.line ->> 'ok')::boolean, ok, name, message);
    END LOOP;
END $$;

-- What PostgreSQL cannot say: its dates and numbers read a few more texts, and no cell of nothing
-- but spaces.
CREATE TEMP VIEW wrong AS
SELECT * FROM outcome
WHERE wanted <> got
    AND NOT (got AND type IN ('int', 'decimal', 'date'))
    AND NOT (wanted AND type IN ('int', 'decimal', 'date') AND btrim(probe) = '')
    OR named <> '' AND split_part(named, '/', 1) <> field;

SELECT 'PostgreSQL: ' || tbl || ': ' || count(*) FILTER (WHERE wanted AND got) || ' texts accepted and ' || count(*) FILTER (WHERE NOT wanted AND NOT got)
    || ' refused, as the validator does; ' || count(*) FILTER (WHERE got AND NOT wanted) || ' more read as dates or numbers; '
    || count(*) FILTER (WHERE wanted AND NOT got) || ' blanks of spaces refused' FROM outcome GROUP BY tbl ORDER BY tbl;
SELECT 'PostgreSQL: a check named for ' || coalesce(nullif(split_part(named, '/', 2), ''), '(the type, or NOT NULL)') || ' refused ' || count(*)
    FROM outcome WHERE NOT got GROUP BY split_part(named, '/', 2) ORDER BY split_part(named, '/', 2);
SELECT 'FAIL ' || tbl || '.' || field || ' ' || quote_literal(probe) || ' wanted ' || wanted || ' got ' || got || ' ' || coalesce(message, '') FROM wrong LIMIT 20;

DO $$
BEGIN
    IF (SELECT count(*) FROM wrong) > 0 OR (SELECT count(*) FROM outcome WHERE got) = 0 THEN
        RAISE EXCEPTION 'PostgreSQL and the validator disagree';
    END IF;
    IF (SELECT count(*) FROM pg_description d JOIN pg_class c ON c.oid = d.objoid WHERE c.relname = 'episodes' AND d.objsubid > 0)
        <> (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname = 'episodes' AND a.attnum > 0) THEN
        RAISE EXCEPTION 'a column has no comment';
    END IF;
END $$;
