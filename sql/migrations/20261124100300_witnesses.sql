-- migrate:up

-- What witnesses gave for signed heads: timestamps and cosignatures. Each proves itself by its signature.

create table audit_evidence (
    log integer not null,
    size bigint not null,
    witness text not null check (witness <> ''),
    kind text not null check (kind in ('timestamp', 'cosignature')),
    body bytea not null check (octet_length(body) between 1 and 65536),
    received_at timestamptz not null default clock_timestamp(),
    primary key (log, size, witness, kind),
    foreign key (log, size) references audit_checkpoint (log, size)
);

comment on column audit_evidence.body is
    'a timestamp: the TimeStampResp (DER) over the bytes of the note; a cosignature: the note with it';

-- What is wrong at the moment and was said so in the log, so that each episode is said once.

create table audit_alarm (
    name text primary key check (name <> ''),
    raised_at timestamptz not null default clock_timestamp()
);

comment on table audit_alarm is 'alarms that are raised now; the log holds an entry for each, and one for its end';

-- How many jobs wait or run. The queue's tables are procrastinate's, which the service's role may not read,
-- and are made when jobs first run.
create function job_counts() returns table (queue text, status text, jobs bigint)
    language plpgsql security definer set search_path = public, pg_temp
as $$
begin
    if to_regclass('public.procrastinate_jobs') is null then
        return;
    end if;
    return query execute
        'select queue_name::text, status::text, count(*)
        from public.procrastinate_jobs
        where status in (''todo'', ''doing'')
        group by queue_name, status
        order by queue_name, status';
end
$$;

revoke all on function job_counts() from public;

create trigger audit_evidence_keeps_its_rows
    before update or delete on audit_evidence for each row execute function refuse_change();
create trigger audit_evidence_is_never_emptied
    before truncate on audit_evidence for each statement execute function refuse_change();
alter table audit_evidence enable always trigger audit_evidence_keeps_its_rows;
alter table audit_evidence enable always trigger audit_evidence_is_never_emptied;

do $$
declare
    kept text;
begin
    if exists (select from pg_roles where rolname = 'hirescreen_sealer') then
        grant select, insert (log, size, witness, kind, body) on audit_evidence to hirescreen_sealer;
    end if;
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert (name), delete on audit_alarm to hirescreen_app;
        grant execute on function job_counts() to hirescreen_app;
    end if;
    for kept in
        select rolname from pg_roles where rolname in ('hirescreen_app', 'hirescreen_exporter')
    loop
        execute format('grant select on audit_evidence to %I', kept);
    end loop;
end
$$;

-- migrate:down

drop function job_counts();
drop table audit_alarm;
drop table audit_evidence;
