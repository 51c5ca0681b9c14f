SELECT * FROM read_csv('{secret}')
SELECT * FROM read_text('{secret}')
SELECT * FROM '{secret}'
SELECT * FROM "{secret}"
SELECT * FROM glob('/*')
SELECT * FROM sniff_csv('{secret}')
SELECT * FROM read_parquet(['{secret}'])
SELECT * FROM 'http://127.0.0.1:9/x.parquet'
SELECT read_blob('{secret}') FROM junior_posts
SELECT main.read_text('{secret}') FROM junior_posts
SELECT Grade.read_text() FROM junior_posts
SELECT * FROM junior_posts, LATERAL read_csv('{secret}')
SELECT * FROM unnest(glob('/*'))
SELECT * FROM query('SELECT 1')
SELECT * FROM query_table('junior_posts')
SELECT getenv('HOME')
SELECT current_setting('threads')
SELECT error(Grade) FROM junior_posts
SELECT list_transform([Grade], lambda x: error(x)) FROM junior_posts
SELECT pg_sleep(10)
SELECT nextval('x')
SELECT getvariable('x')
SELECT * FROM duckdb_views()
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_databases
SELECT * FROM pg_views
SELECT * FROM sqlite_master
SELECT * FROM information_schema.tables
SELECT * FROM extract_0
WITH sqlite_master AS (SELECT * FROM sqlite_master) SELECT * FROM sqlite_master
SELECT * FROM (WITH pg_views AS (SELECT 1) SELECT * FROM pg_views), pg_views
WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a
SELECT COLUMNS('.*') FROM junior_posts
SELECT Grade FROM junior_posts AT (VERSION => 1)
SELECT * INTO x FROM junior_posts
SELECT * FROM junior_posts FOR UPDATE
PIVOT junior_posts ON Grade USING count(*)
COPY junior_posts TO '{kept}'
COPY (SELECT 1) TO '{kept}'
EXPORT DATABASE '{kept}'
ATTACH '{kept}'
ATTACH '{kept}' AS k
INSTALL httpfs
LOAD json
PRAGMA database_list
SET threads = 1
RESET lock_configuration
SET VARIABLE x = 1
CALL enable_logging(storage = 'file', storage_path = '{kept}')
CREATE TABLE x AS SELECT 1
CREATE TEMP TABLE x AS SELECT 1
DROP VIEW junior_posts
PREPARE x AS SELECT 1
EXPLAIN ANALYZE SELECT 1
SELECT $1
SELECT ?
SELECT 1; SELECT 2
SELECT * FROM junior_posts WHERE Grade = 'x\'; DROP VIEW junior_posts; --'
SELECT * FROM junior_posts WHERE Grade = 'x\'' UNION SELECT * FROM read_csv('{secret}') --'
SELECT * FROM (SELECT 1) LIMIT 1) ; SELECT * FROM read_csv('{secret}') --
WITH x AS (DELETE FROM junior_posts RETURNING 1) SELECT * FROM x
WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM x) SELECT * FROM x
SELECT CAST(Organisation AS INTEGER) FROM junior_posts
SELECT 'a'::regclass
