-- The schema that sql/migrations make, for reading. Written by scripts/dump_schema.py; do not edit.
CREATE FUNCTION public.job_counts() RETURNS TABLE(queue text, status text, jobs bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'the audit log is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end
$$;

CREATE TABLE public.account (
    id uuid NOT NULL,
    username text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT account_role_check CHECK ((role <> ''::text)),
    CONSTRAINT account_username_check CHECK ((username <> ''::text))
);

CREATE TABLE public.api_key (
    id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    key_hash bytea NOT NULL,
    last4 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    account_id uuid,
    CONSTRAINT api_key_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_key_name_check CHECK ((name <> ''::text)),
    CONSTRAINT api_key_role_check CHECK ((role <> ''::text))
);

COMMENT ON COLUMN public.api_key.key_hash IS 'SHA-256 of the whole key; the key itself is shown once and never stored';

COMMENT ON COLUMN public.api_key.account_id IS 'the person whose key it is; null for a program''s';

CREATE TABLE public.audit_alarm (
    name text NOT NULL,
    raised_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_alarm_name_check CHECK ((name <> ''::text))
);

COMMENT ON TABLE public.audit_alarm IS 'alarms that are raised now; the log holds an entry for each, and one for its end';

CREATE TABLE public.audit_checkpoint (
    log integer NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    signed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_checkpoint_root_check CHECK ((octet_length(root) = 32)),
    CONSTRAINT audit_checkpoint_size_check CHECK ((size > 0))
);

CREATE TABLE public.audit_entry (
    id bigint NOT NULL,
    entry_id uuid NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT audit_entry_leaf_check CHECK (((octet_length(leaf) >= 1) AND (octet_length(leaf) <= 65535)))
);

COMMENT ON COLUMN public.audit_entry.xid IS 'the writing transaction: how the sealer finds rows that committed late';

ALTER TABLE public.audit_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_evidence (
    log integer NOT NULL,
    size bigint NOT NULL,
    witness text NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_evidence_body_check CHECK (((octet_length(body) >= 1) AND (octet_length(body) <= 65536))),
    CONSTRAINT audit_evidence_kind_check CHECK ((kind = ANY (ARRAY['timestamp'::text, 'cosignature'::text]))),
    CONSTRAINT audit_evidence_witness_check CHECK ((witness <> ''::text))
);

COMMENT ON COLUMN public.audit_evidence.body IS 'a timestamp: the TimeStampResp (DER) over the bytes of the note; a cosignature: the note with it';

CREATE TABLE public.audit_leaf (
    log integer NOT NULL,
    leaf_index bigint NOT NULL,
    entry bigint NOT NULL,
    leaf_hash bytea NOT NULL,
    CONSTRAINT audit_leaf_leaf_hash_check CHECK ((octet_length(leaf_hash) = 32)),
    CONSTRAINT audit_leaf_leaf_index_check CHECK ((leaf_index >= 0))
);

CREATE TABLE public.audit_log (
    id integer NOT NULL,
    origin text NOT NULL,
    previous integer,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_log_origin_check CHECK ((origin <> ''::text))
);

COMMENT ON COLUMN public.audit_log.previous IS 'the log that this one continues; its first leaf cites the last head of that';

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_private (
    id bigint NOT NULL,
    disclosures text[] NOT NULL
);

CREATE TABLE public.audit_sealer (
    one boolean DEFAULT true NOT NULL,
    mark xid8 DEFAULT '0'::xid8 NOT NULL,
    cluster text DEFAULT ''::text NOT NULL,
    swept_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    stopped text,
    stopped_at timestamp with time zone,
    CONSTRAINT audit_sealer_one_check CHECK (one)
);

COMMENT ON COLUMN public.audit_sealer.mark IS 'every entry of an older transaction has its leaf';

COMMENT ON COLUMN public.audit_sealer.cluster IS 'the server that gave the mark: another one counts its transactions anew';

COMMENT ON COLUMN public.audit_sealer.stopped IS 'why nothing is signed any more; null while all is well';

CREATE TABLE public.audit_tile (
    log integer NOT NULL,
    level smallint NOT NULL,
    number bigint NOT NULL,
    hashes bytea NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT audit_tile_hashes_check CHECK ((octet_length(hashes) = 8192)),
    CONSTRAINT audit_tile_level_check CHECK (((level >= 0) AND (level <= 7))),
    CONSTRAINT audit_tile_number_check CHECK ((number >= 0)),
    CONSTRAINT audit_tile_root_check CHECK ((octet_length(root) = 32))
);

COMMENT ON TABLE public.audit_tile IS 'full tiles only: what a tile holds so far stands in audit_leaf or in the roots below';

CREATE TABLE public.disposition (
    id uuid NOT NULL,
    screening_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    verdict text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    settles boolean NOT NULL,
    entry_id uuid NOT NULL,
    CONSTRAINT disposition_role_check CHECK ((role <> ''::text)),
    CONSTRAINT disposition_verdict_check CHECK ((verdict = ANY (ARRAY['clear'::text, 'block'::text, 'escalate'::text])))
);

COMMENT ON COLUMN public.disposition.role IS 'what the person was when signing';

COMMENT ON COLUMN public.disposition.settles IS 'whether two people agree by this word';

CREATE TABLE public.engine (
    sha256 text NOT NULL,
    version text NOT NULL,
    rulebook_version text NOT NULL,
    rulebook_sha256 text NOT NULL,
    archive bytea NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT engine_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

COMMENT ON COLUMN public.engine.sha256 IS 'of archive; a leaf names it';

CREATE TABLE public.engine_runtime (
    sha256 text NOT NULL,
    versions jsonb NOT NULL,
    CONSTRAINT engine_runtime_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

CREATE TABLE public.erasure (
    id uuid NOT NULL,
    ground text NOT NULL,
    case_reference text,
    whole boolean NOT NULL,
    requested_by text NOT NULL,
    requested_account uuid,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'requested'::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by text,
    entry_id uuid,
    CONSTRAINT erasure_case_reference_check CHECK ((case_reference <> ''::text)),
    CONSTRAINT erasure_ground_check CHECK ((ground <> ''::text)),
    CONSTRAINT erasure_requested_by_check CHECK ((requested_by <> ''::text)),
    CONSTRAINT erasure_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'refused'::text, 'done'::text])))
);

COMMENT ON COLUMN public.erasure.whole IS 'refused unless all of it may be erased; false: what may be is, the rest is named';

COMMENT ON COLUMN public.erasure.requested_account IS 'the person who asked; null for a program, which counts as nobody';

COMMENT ON COLUMN public.erasure.entry_id IS 'the audit entry of what was erased';

CREATE TABLE public.erasure_approval (
    erasure_id uuid NOT NULL,
    account_id uuid NOT NULL,
    approved_by text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erasure_approval_approved_by_check CHECK ((approved_by <> ''::text))
);

CREATE TABLE public.erasure_item (
    erasure_id uuid NOT NULL,
    screening_id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    class text,
    basis text,
    keep_until date,
    CONSTRAINT erasure_item_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'erased'::text, 'kept'::text])))
);

COMMENT ON COLUMN public.erasure_item.class IS 'the retention class that decided, as service/retention.toml names it';

COMMENT ON COLUMN public.erasure_item.basis IS 'the rule that this class rests on, in the words of that day';

CREATE TABLE public.idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    screening_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.in_force (
    kind text NOT NULL,
    digest text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT in_force_kind_check CHECK ((kind = ANY (ARRAY['engine'::text, 'policy'::text])))
);

CREATE TABLE public.job_schema (
    version text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.list_active (
    list_id text NOT NULL,
    version integer NOT NULL,
    activated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.list_approval (
    list_id text NOT NULL,
    version integer NOT NULL,
    against integer NOT NULL,
    account_id uuid NOT NULL,
    allows_older boolean NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.list_attempt (
    id bigint NOT NULL,
    list_id text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    trigger text NOT NULL,
    outcome text NOT NULL,
    detail text,
    version integer,
    added integer,
    removed integer,
    changed integer,
    CONSTRAINT list_attempt_list_id_check CHECK ((list_id <> ''::text)),
    CONSTRAINT list_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['loaded'::text, 'unchanged'::text, 'held'::text, 'rejected'::text, 'failed'::text]))),
    CONSTRAINT list_attempt_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'command'::text, 'import'::text, 'approval'::text])))
);

COMMENT ON COLUMN public.list_attempt.detail IS 'why it did not get through, in one line';

COMMENT ON COLUMN public.list_attempt.added IS 'entries against the version that served before; null unless loaded';

ALTER TABLE public.list_attempt ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.list_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.list_bundle (
    vkey text NOT NULL,
    sequence bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    manifest_sha256 text NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL,
    taken_by text NOT NULL,
    CONSTRAINT list_bundle_manifest_sha256_check CHECK ((manifest_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT list_bundle_sequence_check CHECK ((sequence > 0)),
    CONSTRAINT list_bundle_taken_by_check CHECK ((taken_by <> ''::text)),
    CONSTRAINT list_bundle_vkey_check CHECK ((vkey <> ''::text))
);

COMMENT ON COLUMN public.list_bundle.vkey IS 'the verifier key by which it was verified';

COMMENT ON COLUMN public.list_bundle.sequence IS 'grows from one bundle of a site to the next';

CREATE TABLE public.list_change (
    list_id text NOT NULL,
    since integer NOT NULL,
    version integer NOT NULL,
    added integer NOT NULL,
    removed integer NOT NULL,
    changed integer NOT NULL,
    CONSTRAINT list_change_added_check CHECK ((added >= 0)),
    CONSTRAINT list_change_changed_check CHECK ((changed >= 0)),
    CONSTRAINT list_change_removed_check CHECK ((removed >= 0))
);

COMMENT ON TABLE public.list_change IS 'entries added, removed and changed from one version (since) to another';

CREATE TABLE public.list_entry (
    id bigint NOT NULL,
    list_id text NOT NULL,
    key text NOT NULL,
    hash bytea NOT NULL,
    body jsonb NOT NULL,
    record jsonb NOT NULL,
    CONSTRAINT list_entry_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT list_entry_key_check CHECK ((key <> ''::text))
);

COMMENT ON COLUMN public.list_entry.hash IS 'SHA-256 over body and record as the service serialises them';

COMMENT ON COLUMN public.list_entry.record IS 'the record as the publisher wrote it';

ALTER TABLE public.list_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.list_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.list_held (
    list_id text NOT NULL,
    version integer NOT NULL,
    against integer NOT NULL,
    reasons jsonb NOT NULL,
    entries_digest text NOT NULL,
    proposed_by text NOT NULL,
    held_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'held'::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by text,
    settled_reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT list_held_against_check CHECK ((against >= 0)),
    CONSTRAINT list_held_entries_digest_check CHECK ((entries_digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT list_held_proposed_by_check CHECK ((proposed_by <> ''::text)),
    CONSTRAINT list_held_state_check CHECK ((state = ANY (ARRAY['held'::text, 'approved'::text, 'refused'::text, 'superseded'::text])))
);

COMMENT ON COLUMN public.list_held.against IS 'the version that served when the reasons were found; 0 where none did';

COMMENT ON COLUMN public.list_held.reasons IS 'objects with code, detail and the option that sets the reason aside';

COMMENT ON COLUMN public.list_held.proposed_by IS 'kind and id of who brought the file: job:refresh, cli:local, account:…';

CREATE TABLE public.list_span (
    list_id text NOT NULL,
    key text NOT NULL,
    entry_id bigint NOT NULL,
    from_version integer NOT NULL,
    until_version integer,
    CONSTRAINT list_span_check CHECK ((until_version > from_version))
);

COMMENT ON COLUMN public.list_span.until_version IS 'the first version that no longer holds it; null while it stands';

CREATE TABLE public.list_version (
    list_id text NOT NULL,
    version integer NOT NULL,
    sha256 text NOT NULL,
    published_on date,
    address text,
    files jsonb DEFAULT '{}'::jsonb NOT NULL,
    fetched_at timestamp with time zone,
    checked_at timestamp with time zone,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    entries integer NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    complete boolean NOT NULL,
    left_out jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT list_version_entries_check CHECK ((entries >= 0)),
    CONSTRAINT list_version_list_id_check CHECK ((list_id <> ''::text)),
    CONSTRAINT list_version_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT list_version_version_check CHECK ((version > 0))
);

COMMENT ON COLUMN public.list_version.checked_at IS 'when this content was last confirmed to be the current one; null where nobody knows';

COMMENT ON COLUMN public.list_version.complete IS 'false where a set of files was loaded in part';

COMMENT ON COLUMN public.list_version.left_out IS 'reason -> how many records of the files are no entries of the list';

CREATE TABLE public.policy (
    sha256 text NOT NULL,
    stated jsonb NOT NULL,
    CONSTRAINT policy_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

CREATE TABLE public.screening (
    id uuid NOT NULL,
    audit_entry_id uuid NOT NULL,
    tenant text NOT NULL,
    actor text NOT NULL,
    reference text,
    decision text NOT NULL,
    stage text NOT NULL,
    as_of text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    clauses text[] NOT NULL,
    lists text[] NOT NULL,
    CONSTRAINT screening_decision_check CHECK ((decision = ANY (ARRAY['allow'::text, 'review'::text, 'deny'::text])))
);

COMMENT ON COLUMN public.screening.reference IS 'the reference that the caller gave; no personal data';

CREATE TABLE public.screening_erased (
    screening_id uuid NOT NULL,
    erasure_id uuid NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    answer bytea NOT NULL
);

CREATE TABLE public.screening_private (
    screening_id uuid NOT NULL,
    request bytea NOT NULL,
    answer bytea NOT NULL
);

CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT session_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_alarm
    ADD CONSTRAINT audit_alarm_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.audit_checkpoint
    ADD CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (log, size);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_evidence
    ADD CONSTRAINT audit_evidence_pkey PRIMARY KEY (log, size, witness, kind);

ALTER TABLE ONLY public.audit_leaf
    ADD CONSTRAINT audit_leaf_log_entry_key UNIQUE (log, entry);

ALTER TABLE ONLY public.audit_leaf
    ADD CONSTRAINT audit_leaf_pkey PRIMARY KEY (log, leaf_index);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_origin_key UNIQUE (origin);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_private
    ADD CONSTRAINT audit_private_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_sealer
    ADD CONSTRAINT audit_sealer_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.audit_tile
    ADD CONSTRAINT audit_tile_pkey PRIMARY KEY (log, level, number);

ALTER TABLE ONLY public.disposition
    ADD CONSTRAINT disposition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.engine
    ADD CONSTRAINT engine_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.engine_runtime
    ADD CONSTRAINT engine_runtime_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.erasure_approval
    ADD CONSTRAINT erasure_approval_pkey PRIMARY KEY (erasure_id, account_id);

ALTER TABLE ONLY public.erasure_item
    ADD CONSTRAINT erasure_item_pkey PRIMARY KEY (erasure_id, screening_id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (actor, key);

ALTER TABLE ONLY public.in_force
    ADD CONSTRAINT in_force_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.job_schema
    ADD CONSTRAINT job_schema_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.list_active
    ADD CONSTRAINT list_active_pkey PRIMARY KEY (list_id);

ALTER TABLE ONLY public.list_approval
    ADD CONSTRAINT list_approval_pkey PRIMARY KEY (list_id, version, against, account_id);

ALTER TABLE ONLY public.list_attempt
    ADD CONSTRAINT list_attempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.list_bundle
    ADD CONSTRAINT list_bundle_pkey PRIMARY KEY (vkey, sequence);

ALTER TABLE ONLY public.list_change
    ADD CONSTRAINT list_change_pkey PRIMARY KEY (list_id, version, since);

ALTER TABLE ONLY public.list_entry
    ADD CONSTRAINT list_entry_list_id_key_hash_key UNIQUE (list_id, key, hash);

ALTER TABLE ONLY public.list_entry
    ADD CONSTRAINT list_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.list_held
    ADD CONSTRAINT list_held_pkey PRIMARY KEY (list_id, version);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_pkey PRIMARY KEY (list_id, key, from_version);

ALTER TABLE ONLY public.list_version
    ADD CONSTRAINT list_version_pkey PRIMARY KEY (list_id, version);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.screening_erased
    ADD CONSTRAINT screening_erased_pkey PRIMARY KEY (screening_id);

ALTER TABLE ONLY public.screening
    ADD CONSTRAINT screening_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.screening_private
    ADD CONSTRAINT screening_private_pkey PRIMARY KEY (screening_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

CREATE UNIQUE INDEX account_username_key ON public.account USING btree (lower(username));

CREATE INDEX audit_entry_at_idx ON public.audit_entry USING brin (at);

CREATE INDEX audit_entry_xid_idx ON public.audit_entry USING btree (xid, id);

CREATE INDEX disposition_screening_idx ON public.disposition USING btree (screening_id, id);

CREATE INDEX erasure_item_screening_idx ON public.erasure_item USING btree (screening_id);

CREATE INDEX idempotency_screening_idx ON public.idempotency USING btree (screening_id);

CREATE INDEX list_attempt_list_idx ON public.list_attempt USING btree (list_id, id DESC);

CREATE INDEX list_held_digest_idx ON public.list_held USING btree (list_id, entries_digest);

CREATE UNIQUE INDEX list_span_open_key ON public.list_span USING btree (list_id, key) WHERE (until_version IS NULL);

CREATE INDEX screening_cited_idx ON public.screening USING gin (clauses, lists);

CREATE INDEX screening_decision_idx ON public.screening USING btree (decision, id);

CREATE INDEX screening_for_people_idx ON public.screening USING btree (id) WHERE (decision <> 'allow'::text);

CREATE INDEX screening_reference_idx ON public.screening USING btree (reference) WHERE (reference IS NOT NULL);

CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at);

CREATE TRIGGER audit_checkpoint_is_never_emptied BEFORE TRUNCATE ON public.audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_checkpoint ENABLE ALWAYS TRIGGER audit_checkpoint_is_never_emptied;

CREATE TRIGGER audit_checkpoint_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_checkpoint FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_checkpoint ENABLE ALWAYS TRIGGER audit_checkpoint_keeps_its_rows;

CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_entry ENABLE ALWAYS TRIGGER audit_entry_is_never_emptied;

CREATE TRIGGER audit_entry_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_entry ENABLE ALWAYS TRIGGER audit_entry_keeps_its_rows;

CREATE TRIGGER audit_evidence_is_never_emptied BEFORE TRUNCATE ON public.audit_evidence FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_evidence ENABLE ALWAYS TRIGGER audit_evidence_is_never_emptied;

CREATE TRIGGER audit_evidence_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_evidence FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_evidence ENABLE ALWAYS TRIGGER audit_evidence_keeps_its_rows;

CREATE TRIGGER audit_leaf_is_never_emptied BEFORE TRUNCATE ON public.audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_is_never_emptied;

CREATE TRIGGER audit_leaf_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_leaf FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_keeps_its_rows;

CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_log ENABLE ALWAYS TRIGGER audit_log_is_never_emptied;

CREATE TRIGGER audit_log_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_log ENABLE ALWAYS TRIGGER audit_log_keeps_its_rows;

CREATE TRIGGER audit_tile_is_never_emptied BEFORE TRUNCATE ON public.audit_tile FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_tile ENABLE ALWAYS TRIGGER audit_tile_is_never_emptied;

CREATE TRIGGER audit_tile_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_tile FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_tile ENABLE ALWAYS TRIGGER audit_tile_keeps_its_rows;

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.audit_checkpoint
    ADD CONSTRAINT audit_checkpoint_log_fkey FOREIGN KEY (log) REFERENCES public.audit_log(id);

ALTER TABLE ONLY public.audit_evidence
    ADD CONSTRAINT audit_evidence_log_size_fkey FOREIGN KEY (log, size) REFERENCES public.audit_checkpoint(log, size);

ALTER TABLE ONLY public.audit_leaf
    ADD CONSTRAINT audit_leaf_log_fkey FOREIGN KEY (log) REFERENCES public.audit_log(id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_previous_fkey FOREIGN KEY (previous) REFERENCES public.audit_log(id);

ALTER TABLE ONLY public.audit_private
    ADD CONSTRAINT audit_private_id_fkey FOREIGN KEY (id) REFERENCES public.audit_entry(id);

ALTER TABLE ONLY public.audit_tile
    ADD CONSTRAINT audit_tile_log_fkey FOREIGN KEY (log) REFERENCES public.audit_log(id);

ALTER TABLE ONLY public.disposition
    ADD CONSTRAINT disposition_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.disposition
    ADD CONSTRAINT disposition_screening_id_fkey FOREIGN KEY (screening_id) REFERENCES public.screening(id);

ALTER TABLE ONLY public.erasure_approval
    ADD CONSTRAINT erasure_approval_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES public.erasure(id);

ALTER TABLE ONLY public.erasure_item
    ADD CONSTRAINT erasure_item_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES public.erasure(id);

ALTER TABLE ONLY public.list_active
    ADD CONSTRAINT list_active_list_id_version_fkey FOREIGN KEY (list_id, version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_approval
    ADD CONSTRAINT list_approval_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.list_approval
    ADD CONSTRAINT list_approval_list_id_version_fkey FOREIGN KEY (list_id, version) REFERENCES public.list_held(list_id, version);

ALTER TABLE ONLY public.list_change
    ADD CONSTRAINT list_change_list_id_since_fkey FOREIGN KEY (list_id, since) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_change
    ADD CONSTRAINT list_change_list_id_version_fkey FOREIGN KEY (list_id, version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_held
    ADD CONSTRAINT list_held_list_id_version_fkey FOREIGN KEY (list_id, version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.list_entry(id);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_list_id_from_version_fkey FOREIGN KEY (list_id, from_version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_list_id_until_version_fkey FOREIGN KEY (list_id, until_version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.screening_erased
    ADD CONSTRAINT screening_erased_screening_id_fkey FOREIGN KEY (screening_id) REFERENCES public.screening(id);

ALTER TABLE ONLY public.screening_private
    ADD CONSTRAINT screening_private_screening_id_fkey FOREIGN KEY (screening_id) REFERENCES public.screening(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

REVOKE ALL ON FUNCTION public.job_counts() FROM PUBLIC;

GRANT ALL ON FUNCTION public.job_counts() TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.account TO hirescreen_app;

GRANT SELECT(id) ON TABLE public.account TO hirescreen_eraser;

GRANT UPDATE(role) ON TABLE public.account TO hirescreen_app;

GRANT SELECT(role) ON TABLE public.account TO hirescreen_eraser;

GRANT UPDATE(password_hash) ON TABLE public.account TO hirescreen_app;

GRANT UPDATE(disabled_at) ON TABLE public.account TO hirescreen_app;

GRANT SELECT(disabled_at) ON TABLE public.account TO hirescreen_eraser;

GRANT SELECT,INSERT ON TABLE public.api_key TO hirescreen_app;

GRANT UPDATE(revoked_at) ON TABLE public.api_key TO hirescreen_app;

GRANT UPDATE(last_used_at) ON TABLE public.api_key TO hirescreen_app;

GRANT SELECT,DELETE ON TABLE public.audit_alarm TO hirescreen_app;

GRANT INSERT(name) ON TABLE public.audit_alarm TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_checkpoint TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_checkpoint TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_checkpoint TO hirescreen_exporter;

GRANT INSERT(log) ON TABLE public.audit_checkpoint TO hirescreen_sealer;

GRANT INSERT(size) ON TABLE public.audit_checkpoint TO hirescreen_sealer;

GRANT INSERT(root) ON TABLE public.audit_checkpoint TO hirescreen_sealer;

GRANT INSERT(note) ON TABLE public.audit_checkpoint TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_eraser;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_exporter;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_sealer;

GRANT INSERT(entry_id) ON TABLE public.audit_entry TO hirescreen_app;

GRANT INSERT(entry_id) ON TABLE public.audit_entry TO hirescreen_sealer;

GRANT INSERT(entry_id) ON TABLE public.audit_entry TO hirescreen_eraser;

GRANT INSERT(leaf) ON TABLE public.audit_entry TO hirescreen_app;

GRANT INSERT(leaf) ON TABLE public.audit_entry TO hirescreen_sealer;

GRANT INSERT(leaf) ON TABLE public.audit_entry TO hirescreen_eraser;

GRANT SELECT ON TABLE public.audit_evidence TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_evidence TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_evidence TO hirescreen_exporter;

GRANT INSERT(log) ON TABLE public.audit_evidence TO hirescreen_sealer;

GRANT INSERT(size) ON TABLE public.audit_evidence TO hirescreen_sealer;

GRANT INSERT(witness) ON TABLE public.audit_evidence TO hirescreen_sealer;

GRANT INSERT(kind) ON TABLE public.audit_evidence TO hirescreen_sealer;

GRANT INSERT(body) ON TABLE public.audit_evidence TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_leaf TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_leaf TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_leaf TO hirescreen_exporter;

GRANT INSERT(log) ON TABLE public.audit_leaf TO hirescreen_sealer;

GRANT INSERT(leaf_index) ON TABLE public.audit_leaf TO hirescreen_sealer;

GRANT INSERT(entry) ON TABLE public.audit_leaf TO hirescreen_sealer;

GRANT INSERT(leaf_hash) ON TABLE public.audit_leaf TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_log TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_log TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_log TO hirescreen_exporter;

GRANT INSERT(origin) ON TABLE public.audit_log TO hirescreen_sealer;

GRANT INSERT(previous) ON TABLE public.audit_log TO hirescreen_sealer;

GRANT SELECT,INSERT ON TABLE public.audit_private TO hirescreen_app;

GRANT SELECT,DELETE ON TABLE public.audit_private TO hirescreen_eraser;

GRANT SELECT ON TABLE public.audit_private TO hirescreen_exporter;

GRANT SELECT ON TABLE public.audit_sealer TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_sealer TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_sealer TO hirescreen_exporter;

GRANT UPDATE(mark) ON TABLE public.audit_sealer TO hirescreen_sealer;

GRANT UPDATE(cluster) ON TABLE public.audit_sealer TO hirescreen_sealer;

GRANT UPDATE(swept_at) ON TABLE public.audit_sealer TO hirescreen_sealer;

GRANT UPDATE(stopped) ON TABLE public.audit_sealer TO hirescreen_sealer;

GRANT UPDATE(stopped_at) ON TABLE public.audit_sealer TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_tile TO hirescreen_sealer;

GRANT SELECT ON TABLE public.audit_tile TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_tile TO hirescreen_exporter;

GRANT INSERT(log) ON TABLE public.audit_tile TO hirescreen_sealer;

GRANT INSERT(level) ON TABLE public.audit_tile TO hirescreen_sealer;

GRANT INSERT(number) ON TABLE public.audit_tile TO hirescreen_sealer;

GRANT INSERT(hashes) ON TABLE public.audit_tile TO hirescreen_sealer;

GRANT INSERT(root) ON TABLE public.audit_tile TO hirescreen_sealer;

GRANT SELECT,INSERT ON TABLE public.disposition TO hirescreen_app;

GRANT SELECT ON TABLE public.disposition TO hirescreen_eraser;

GRANT SELECT,INSERT ON TABLE public.engine TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.engine_runtime TO hirescreen_app;

GRANT SELECT ON TABLE public.erasure TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.erasure TO hirescreen_eraser;

GRANT INSERT(id) ON TABLE public.erasure TO hirescreen_app;

GRANT INSERT(ground) ON TABLE public.erasure TO hirescreen_app;

GRANT INSERT(case_reference) ON TABLE public.erasure TO hirescreen_app;

GRANT INSERT(whole) ON TABLE public.erasure TO hirescreen_app;

GRANT INSERT(requested_by) ON TABLE public.erasure TO hirescreen_app;

GRANT INSERT(requested_account) ON TABLE public.erasure TO hirescreen_app;

GRANT UPDATE(state) ON TABLE public.erasure TO hirescreen_eraser;

GRANT UPDATE(settled_at) ON TABLE public.erasure TO hirescreen_eraser;

GRANT UPDATE(settled_by) ON TABLE public.erasure TO hirescreen_eraser;

GRANT UPDATE(entry_id) ON TABLE public.erasure TO hirescreen_eraser;

GRANT SELECT ON TABLE public.erasure_approval TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.erasure_approval TO hirescreen_eraser;

GRANT SELECT ON TABLE public.erasure_item TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.erasure_item TO hirescreen_eraser;

GRANT INSERT(erasure_id) ON TABLE public.erasure_item TO hirescreen_app;

GRANT INSERT(screening_id) ON TABLE public.erasure_item TO hirescreen_app;

GRANT UPDATE(state) ON TABLE public.erasure_item TO hirescreen_eraser;

GRANT INSERT(class) ON TABLE public.erasure_item TO hirescreen_app;

GRANT UPDATE(class) ON TABLE public.erasure_item TO hirescreen_eraser;

GRANT INSERT(basis) ON TABLE public.erasure_item TO hirescreen_app;

GRANT UPDATE(basis) ON TABLE public.erasure_item TO hirescreen_eraser;

GRANT INSERT(keep_until) ON TABLE public.erasure_item TO hirescreen_app;

GRANT UPDATE(keep_until) ON TABLE public.erasure_item TO hirescreen_eraser;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency TO hirescreen_app;

GRANT SELECT,DELETE ON TABLE public.idempotency TO hirescreen_eraser;

GRANT SELECT,INSERT ON TABLE public.in_force TO hirescreen_app;

GRANT UPDATE(digest) ON TABLE public.in_force TO hirescreen_app;

GRANT UPDATE(since) ON TABLE public.in_force TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_active TO hirescreen_app;

GRANT UPDATE(version) ON TABLE public.list_active TO hirescreen_app;

GRANT UPDATE(activated_at) ON TABLE public.list_active TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_approval TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_attempt TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_bundle TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_change TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_entry TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_held TO hirescreen_app;

GRANT UPDATE(against) ON TABLE public.list_held TO hirescreen_app;

GRANT UPDATE(reasons) ON TABLE public.list_held TO hirescreen_app;

GRANT UPDATE(state) ON TABLE public.list_held TO hirescreen_app;

GRANT UPDATE(settled_at) ON TABLE public.list_held TO hirescreen_app;

GRANT UPDATE(settled_by) ON TABLE public.list_held TO hirescreen_app;

GRANT UPDATE(settled_reason) ON TABLE public.list_held TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_span TO hirescreen_app;

GRANT UPDATE(until_version) ON TABLE public.list_span TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_version TO hirescreen_app;

GRANT UPDATE(checked_at) ON TABLE public.list_version TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.policy TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.screening TO hirescreen_app;

GRANT SELECT ON TABLE public.screening TO hirescreen_eraser;

GRANT UPDATE(reference) ON TABLE public.screening TO hirescreen_eraser;

GRANT SELECT ON TABLE public.screening_erased TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.screening_erased TO hirescreen_eraser;

GRANT SELECT,INSERT ON TABLE public.screening_private TO hirescreen_app;

GRANT SELECT,DELETE ON TABLE public.screening_private TO hirescreen_eraser;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO hirescreen_app;
