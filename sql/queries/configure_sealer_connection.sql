-- As configure_connection, in the sealer's role and with time for a whole batch.
select
    set_config('search_path', 'public, pg_temp', false),
    set_config('statement_timeout', '60s', false),
    set_config('lock_timeout', '4s', false),
    set_config('idle_in_transaction_session_timeout', '60s', false),
    set_config('timezone', 'UTC', false),
    (
        select set_config('role', rolname, false)
        from pg_roles
        where rolname = 'hirescreen_sealer'
            and pg_has_role(
                oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end
            )
            and has_table_privilege(oid, to_regclass('public.audit_leaf'), 'SELECT')
    );
