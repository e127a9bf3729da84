-- migrate:up

-- Roles without login, so that the service holds only the rights it needs: its connections switch to
-- hirescreen_app. Where the connected user may not create roles, the migration goes on without them and
-- the service runs as the owner of the tables. Roles belong to the whole server: another database may
-- have created them first.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['hirescreen_app', 'hirescreen_eraser', 'hirescreen_exporter'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception
            when duplicate_object or unique_violation or insufficient_privilege then null;
        end;
        begin
            execute format('grant %I to current_user', wanted);
        exception
            when undefined_object or insufficient_privilege or invalid_grant_operation then null;
        end;
    end loop;

    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on api_key, account, list_version, list_entry, list_span, list_active,
            audit_private, screening, screening_private, idempotency to hirescreen_app;
        grant update (revoked_at, last_used_at) on api_key to hirescreen_app;
        grant update (role, password_hash, disabled_at) on account to hirescreen_app;
        grant select, insert, update, delete on session to hirescreen_app;
        grant update (checked_at) on list_version to hirescreen_app;
        grant update (until_version) on list_span to hirescreen_app;
        grant update (version, activated_at) on list_active to hirescreen_app;
        grant update, delete on idempotency to hirescreen_app;
        -- by column: whoever may set "at" or "xid" can date an entry back or hide it from the sealer
        grant select, insert (entry_id, leaf) on audit_entry to hirescreen_app;
    end if;

    if exists (select from pg_roles where rolname = 'hirescreen_eraser') then
        grant select on audit_entry, screening to hirescreen_eraser;
        grant select, delete on audit_private, screening_private to hirescreen_eraser;
    end if;

    if exists (select from pg_roles where rolname = 'hirescreen_exporter') then
        grant select on audit_entry, audit_private to hirescreen_exporter;
    end if;
end
$$;

-- migrate:down

-- The roles stay: they may serve another database of the same server.

do $$
declare
    held text;
begin
    for held in
        select rolname from pg_roles
        where rolname in ('hirescreen_app', 'hirescreen_eraser', 'hirescreen_exporter')
    loop
        execute format('revoke all on all tables in schema public from %I', held);
    end loop;
end
$$;
