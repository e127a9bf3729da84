select versions from engine_runtime where sha256 = %(sha256)s;
