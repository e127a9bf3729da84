-- Limits of a pooled connection, a fixed search path, and the role with the least rights, where the
-- migrations could create it and this user may take it on (SET is a right of its own since PostgreSQL 16).
select
    set_config('search_path', 'public, pg_temp', false),
    set_config('statement_timeout', '5s', false),
    set_config('lock_timeout', '4s', false),
    set_config('idle_in_transaction_session_timeout', '10s', false),
    set_config('timezone', 'UTC', false),
    (
        select set_config('role', rolname, false)
        from pg_roles
        where rolname = 'hirescreen_app'
            and pg_has_role(
                oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end
            )
            and has_table_privilege(oid, to_regclass('public.audit_entry'), 'SELECT')
    );
