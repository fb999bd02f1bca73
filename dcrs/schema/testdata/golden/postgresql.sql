-- Quit attempts: the table quit_attempts for PostgreSQL. Dictionary of one quit_attempt a row,
-- edition 2026-made-up.
-- The names and codes are those of whoever made this dictionary. They are no national standard
-- unless an entry says so and names its source.
-- Each check bears the id of the rule that it does the work of. Rules between fields, rows and
-- files, check digits and what is merely unusual are not part of it: the validator checks them.
-- The columns of the file stand in the order of the table. To load it:
--   SET datestyle TO 'ISO, YMD'; -- otherwise 01/06/2025 is taken for a date in January or in June
--   \copy "quit_attempts" FROM 'quit_attempts.csv' WITH (FORMAT csv, HEADER match, ENCODING 'UTF8')
CREATE TABLE "quit_attempts" (
    "attempt_id" text NOT NULL
        CONSTRAINT "attempt_id/blank" CHECK (btrim("attempt_id", ' ') <> '')
        CONSTRAINT "attempt_id/format" CHECK (btrim("attempt_id", ' ') = '' OR btrim("attempt_id", ' ') ~ '^([A-Z0-9.\]\^\\\[-]{1,8})$'),
    "method" text NOT NULL
        CONSTRAINT "method/blank" CHECK (btrim("method", ' ') <> '')
        CONSTRAINT "method/code" CHECK (btrim("method", ' ') IN ('', '01', '1', 'a.b', '(x)', '1+', 'é', '"q" \')),
    "aids" text NOT NULL
        CONSTRAINT "aids/blank" CHECK (btrim("aids", ' ') <> '')
        CONSTRAINT "aids/code" CHECK (btrim("aids", ' ') = '' OR btrim("aids", ' ') ~ '^((01|1|a\.b|\(x\)|1\+|é|"q" \\)( *; *(01|1|a\.b|\(x\)|1\+|é|"q" \\))*)$'),
    "other_aids" text
        CONSTRAINT "other_aids/code" CHECK (btrim("other_aids", ' ') = '' OR btrim("other_aids", ' ') ~ '^((Y|N)( *; *(Y|N))*)$'),
    "quit_date" date NOT NULL
        CONSTRAINT "quit_date/format" CHECK ("quit_date" BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
    "cigarettes" numeric NOT NULL
        CONSTRAINT "cigarettes/format" CHECK ("cigarettes" = trunc("cigarettes"))
        CONSTRAINT "cigarettes/range" CHECK ("cigarettes" BETWEEN 0 AND 200),
    "balance" numeric
        CONSTRAINT "balance/format" CHECK ("balance" = trunc("balance"))
        CONSTRAINT "balance/range" CHECK ("balance" BETWEEN -15 AND 7),
    "co_ppm" numeric
        CONSTRAINT "co_ppm/range" CHECK ("co_ppm" BETWEEN 0 AND 100),
    "change" numeric
        CONSTRAINT "change/range" CHECK ("change" BETWEEN -5 AND -2),
    "count" numeric
        CONSTRAINT "count/format" CHECK ("count" = trunc("count"))
        CONSTRAINT "count/finite" CHECK ("count"::text ~ '^-?[0-9]'),
    "amount" numeric
        CONSTRAINT "amount/finite" CHECK ("amount"::text ~ '^-?[0-9]'),
    "nhs_number" text NOT NULL
        CONSTRAINT "nhs_number/blank" CHECK (btrim("nhs_number", ' ') <> '')
        CONSTRAINT "nhs_number/format" CHECK (btrim("nhs_number", ' ') = '' OR btrim("nhs_number", ' ') ~ '^([ -]*([0-9][ -]*){10})$'),
    "postcode" text
        CONSTRAINT "postcode/format" CHECK (btrim("postcode", ' ') = '' OR btrim("postcode", ' ') ~ '^([A-Za-z] *([0-9] *([0-9]|[A-Za-z])?|[A-Za-z] *[0-9] *([0-9]|[A-Za-z])?) *[0-9] *[A-Za-z] *[A-Za-z])$'),
    "lsoa" text
        CONSTRAINT "lsoa/format" CHECK (btrim("lsoa", ' ') = '' OR btrim("lsoa", ' ') ~ '^([EW]01[0-9]{6})$'),
    "practice" text
        CONSTRAINT "practice/format" CHECK (btrim("practice", ' ') = '' OR btrim("practice", ' ') ~ '^([A-Z][0-9]{5})$'),
    PRIMARY KEY ("attempt_id")
);

COMMENT ON TABLE "quit_attempts" IS 'Quit attempts. Dictionary edition 2026-made-up. The names and codes are those of whoever made this dictionary. They are no national standard unless an entry says so and names its source.';
COMMENT ON COLUMN "quit_attempts"."attempt_id" IS 'Quit attempt. Up to 8 characters of A-Z 0-9 . - ] ^ \ [. Mandatory: always filled; a blank is an error. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."method" IS 'Method of *stopping*. One code of the list method. What the client''s adviser noted | first. Mandatory: always filled; a blank is an error. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."aids" IS 'Aids. One or more codes of the list method, with semicolons between them. Mandatory: always filled; a blank is an error. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."other_aids" IS 'Other_aids. One or more codes of the list yes_no, with semicolons between them. Optional: filled at the service''s choice. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."quit_date" IS 'Quit date. A date as yyyy-mm-dd. Mandatory: always filled; a blank is an error. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."cigarettes" IS 'Cigarettes a day. A whole number from 0 to 200 (per day), which may be written 3 or 3.0. Outside 1 to 80 it is more often a slip. Mandatory: always filled; a blank is an error. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."balance" IS 'Balance. A whole number from -15 to 7, which may be written 3 or 3.0. Optional: filled at the service''s choice. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."co_ppm" IS 'Carbon monoxide. A number from 0 to 100 (ppm), with or without decimals. Required: filled where known; a blank is a warning. Basis: source (SMK; own).';
COMMENT ON COLUMN "quit_attempts"."change" IS 'Change. A number from -5 to -2, with or without decimals. Optional: filled at the service''s choice. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."count" IS 'Count. A whole number, which may be written 3 or 3.0. Optional: filled at the service''s choice. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."amount" IS 'Amount. A number, with or without decimals. With count. Conditional: filled when other fields say so; see the rules that read it. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."nhs_number" IS 'NHS number. An NHS number: ten digits, with or without spaces or hyphens between them. Mandatory: always filled; a blank is an error. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."postcode" IS 'Postcode. A postcode, with or without its space, in capitals or not. Optional: filled at the service''s choice. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."lsoa" IS 'Area. A lower layer super output area: E01 or W01 and six digits. Optional: filled at the service''s choice. Basis: own.';
COMMENT ON COLUMN "quit_attempts"."practice" IS 'GP practice. A GP practice code: a capital letter and five digits. Required: filled where known; a blank is a warning. Basis: own.';

CREATE TABLE code_labels (
    "list" text NOT NULL,
    "code" text NOT NULL,
    "label" text NOT NULL,
    "quality" text NOT NULL,
    PRIMARY KEY ("list", "code")
);

COMMENT ON TABLE code_labels IS 'The codes of each list with their labels, and how the NHS data-quality convention known as VODIM counts them.';
INSERT INTO code_labels VALUES
    ('method', '01', 'cold turkey', 'valid'),
    ('method', '1', 'one, not 01', 'valid'),
    ('method', 'a.b', 'a <b>point</b>', 'valid'),
    ('method', '(x)', 'O''Neill''s | brackets', 'valid'),
    ('method', '1+', 'one or more', 'valid'),
    ('method', 'é', 'a letter of two bytes', 'other'),
    ('method', '"q" \', 'a quote and a backslash', 'default'),
    ('yes_no', 'Y', 'yes', 'valid'),
    ('yes_no', 'N', 'no', 'valid'),
    ('unused', 'X', 'no field draws on it', 'valid');
