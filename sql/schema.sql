-- The schema that sql/migrations make, for reading. Written by scripts/dump_schema.py; do not edit.
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
    CONSTRAINT api_key_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_key_name_check CHECK ((name <> ''::text)),
    CONSTRAINT api_key_role_check CHECK ((role <> ''::text))
);

COMMENT ON COLUMN public.api_key.key_hash IS 'SHA-256 of the whole key; the key itself is shown once and never stored';

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

CREATE TABLE public.audit_private (
    id bigint NOT NULL,
    disclosures text[] NOT NULL
);

CREATE TABLE public.idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    screening_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.list_active (
    list_id text NOT NULL,
    version integer NOT NULL,
    activated_at timestamp with time zone DEFAULT now() NOT NULL
);

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
    CONSTRAINT list_version_entries_check CHECK ((entries >= 0)),
    CONSTRAINT list_version_list_id_check CHECK ((list_id <> ''::text)),
    CONSTRAINT list_version_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT list_version_version_check CHECK ((version > 0))
);

COMMENT ON COLUMN public.list_version.checked_at IS 'when this content was last confirmed to be the current one; null where nobody knows';

COMMENT ON COLUMN public.list_version.complete IS 'false where a set of files was loaded in part';

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

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_private
    ADD CONSTRAINT audit_private_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (actor, key);

ALTER TABLE ONLY public.list_active
    ADD CONSTRAINT list_active_pkey PRIMARY KEY (list_id);

ALTER TABLE ONLY public.list_entry
    ADD CONSTRAINT list_entry_list_id_key_hash_key UNIQUE (list_id, key, hash);

ALTER TABLE ONLY public.list_entry
    ADD CONSTRAINT list_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_pkey PRIMARY KEY (list_id, key, from_version);

ALTER TABLE ONLY public.list_version
    ADD CONSTRAINT list_version_pkey PRIMARY KEY (list_id, version);

ALTER TABLE ONLY public.screening
    ADD CONSTRAINT screening_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.screening_private
    ADD CONSTRAINT screening_private_pkey PRIMARY KEY (screening_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

CREATE UNIQUE INDEX account_username_key ON public.account USING btree (lower(username));

CREATE INDEX audit_entry_at_idx ON public.audit_entry USING brin (at);

CREATE UNIQUE INDEX list_span_open_key ON public.list_span USING btree (list_id, key) WHERE (until_version IS NULL);

CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at);

CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_entry ENABLE ALWAYS TRIGGER audit_entry_is_never_emptied;

CREATE TRIGGER audit_entry_keeps_its_rows BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit_entry ENABLE ALWAYS TRIGGER audit_entry_keeps_its_rows;

ALTER TABLE ONLY public.audit_private
    ADD CONSTRAINT audit_private_id_fkey FOREIGN KEY (id) REFERENCES public.audit_entry(id);

ALTER TABLE ONLY public.list_active
    ADD CONSTRAINT list_active_list_id_version_fkey FOREIGN KEY (list_id, version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.list_entry(id);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_list_id_from_version_fkey FOREIGN KEY (list_id, from_version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.list_span
    ADD CONSTRAINT list_span_list_id_until_version_fkey FOREIGN KEY (list_id, until_version) REFERENCES public.list_version(list_id, version);

ALTER TABLE ONLY public.screening_private
    ADD CONSTRAINT screening_private_screening_id_fkey FOREIGN KEY (screening_id) REFERENCES public.screening(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

GRANT SELECT,INSERT ON TABLE public.account TO hirescreen_app;

GRANT UPDATE(role) ON TABLE public.account TO hirescreen_app;

GRANT UPDATE(password_hash) ON TABLE public.account TO hirescreen_app;

GRANT UPDATE(disabled_at) ON TABLE public.account TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.api_key TO hirescreen_app;

GRANT UPDATE(revoked_at) ON TABLE public.api_key TO hirescreen_app;

GRANT UPDATE(last_used_at) ON TABLE public.api_key TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_app;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_eraser;

GRANT SELECT ON TABLE public.audit_entry TO hirescreen_exporter;

GRANT INSERT(entry_id) ON TABLE public.audit_entry TO hirescreen_app;

GRANT INSERT(leaf) ON TABLE public.audit_entry TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.audit_private TO hirescreen_app;

GRANT SELECT,DELETE ON TABLE public.audit_private TO hirescreen_eraser;

GRANT SELECT ON TABLE public.audit_private TO hirescreen_exporter;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_active TO hirescreen_app;

GRANT UPDATE(version) ON TABLE public.list_active TO hirescreen_app;

GRANT UPDATE(activated_at) ON TABLE public.list_active TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_entry TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_span TO hirescreen_app;

GRANT UPDATE(until_version) ON TABLE public.list_span TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.list_version TO hirescreen_app;

GRANT UPDATE(checked_at) ON TABLE public.list_version TO hirescreen_app;

GRANT SELECT,INSERT ON TABLE public.screening TO hirescreen_app;

GRANT SELECT ON TABLE public.screening TO hirescreen_eraser;

GRANT SELECT,INSERT ON TABLE public.screening_private TO hirescreen_app;

GRANT SELECT,DELETE ON TABLE public.screening_private TO hirescreen_eraser;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO hirescreen_app;
