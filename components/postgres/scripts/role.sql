-- The role that replicates, with the password in its file, which no command line has. No log has it either: the server is told to note no
-- statement of this session, not even one that fails.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
\set password `cat "$REPLICATION_PASSWORD_FILE"`
SELECT 'CREATE ROLE ' || quote_ident(:'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role')
\gexec
ALTER ROLE :"role" WITH LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 8 PASSWORD :'password';
