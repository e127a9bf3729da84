insert into audit_alarm (name) values (%(name)s) on conflict do nothing returning name;
