-- For the rest of the transaction: the role that alone may delete personal data, where the migrations could create
-- it and this user may take it on. Without roles the service runs as the owner of the tables, who may.
select set_config('role', rolname, true)
from pg_roles
where rolname = 'hirescreen_eraser'
    and pg_has_role(
        session_user, oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end
    )
    and has_table_privilege(oid, to_regclass('public.audit_private'), 'DELETE');
