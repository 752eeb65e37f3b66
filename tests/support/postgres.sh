# A PostgreSQL cluster for tests, as small and as fast as it gets, that ends when its standard input does.
#
#   postgres.sh locate    prints where its programs are, and the user and group to run them as; fails when there is none
#   postgres.sh run BIN   starts a cluster; once it is ready, prints the directory with its socket
#   postgres.sh try       starts one and ends it again; fails, and says why, when that cannot be done
set -eu
export LC_ALL=C

locate() {
  newest=
  for bin in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin; do
    for program in initdb pg_ctl postgres createdb dropdb; do
      [ -x "$bin/$program" ] || continue 2
    done
    newest=$(printf '%s\n%s\n' "$newest" "$bin" | sort -V | tail -n 1)
  done
  [ -n "$newest" ]
  user=$(id -u) group=$(id -g)
  # initdb refuses to be run by root.
  if [ "$user" = 0 ]; then
    user=$(id -u postgres 2>/dev/null)
    group=$(id -g postgres)
  fi
  printf '%s %s %s\n' "$newest" "$user" "$group"
}

run() {
  bin=$1
  # Only its owner, and root, get in: nobody else can connect, although `trust` asks nobody who they are.
  # Not in $TMPDIR, which may be closed to this user, or too long for a socket's address (107 bytes).
  dir=$(mktemp -d /tmp/plain-portal-postgres.XXXXXX)
  trap 'rm -rf "$dir"' EXIT
  "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >"$dir/log" 2>&1 ||
    { cat "$dir/log" >&2; exit 1; }
  cat >>"$dir/data/postgresql.conf" <<-CONF
	listen_addresses = ''
	unix_socket_directories = '$dir'
	max_connections = 1000
	shared_buffers = 32MB
	fsync = off
	full_page_writes = off
	synchronous_commit = off
	autovacuum = off
	CONF
  "$bin/pg_ctl" start --wait --silent --pgdata="$dir/data" --log="$dir/log" ||
    { cat "$dir/log" >&2; exit 1; }
  printf '%s\n' "$dir"
  # Until whoever started this has ended, however it ended.
  cat >/dev/null
  "$bin/pg_ctl" stop --wait --silent --mode=immediate --pgdata="$dir/data"
}

try() {
  located=$(locate) || { echo 'there is none' >&2; return 1; }
  # shellcheck disable=SC2086 # three words
  set -- $located
  script=$(cat "$0")
  cd /
  if [ "$(id -u)" = "$2" ]; then
    run "$1" </dev/null
  else
    setpriv --reuid="$2" --regid="$3" --clear-groups sh -c "$script" postgres.sh run "$1" </dev/null
  fi
}

"$@"
