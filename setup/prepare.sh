#!/usr/bin/env bash
# Sets a fresh copy up, one step for each word given: setup/prepare.sh packages python assets secret demo.
# A step that has nothing to do says nothing and takes no time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What the machine must have. Without the second line everything but printing works.
NEEDED=(make python3 python3-venv)
PRINTING=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core)
# Further scripts (South and East Asian, Ethiopic and so on): 50 MB that not everybody needs.
FONTS=(fonts-noto-core fonts-droid-fallback)
TESTING=(chromium poppler-utils)
# Only where every test must run: elsewhere it would begin to serve email by itself, so the tests that need it skip.
MAILBOX=dovecot-imapd
SERVER=postgresql
APT="apt-get update && apt-get install -y --no-install-recommends ${NEEDED[*]} ${PRINTING[*]}"
STAMPS=.venv/installed
LIBRARIES="the Python libraries could not be installed (what went wrong stands above); check the network, then run this again"

say() { printf '%s\n' "$*"; }
warn() { printf '\n*** %s\n\n' "$*" >&2; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }
in_ci() { [ "${CI:-}" = true ]; }
digest() { cat "$@" | cksum | tr ' ' '-'; }

# --- packages of the machine ----------------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1
  fi
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

# Install those of the packages named that are missing, where we may; say nothing where we may not.
fetch() {
  command -v apt-get >/dev/null || return 0
  local missing=() name
  for name in "$@"; do installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  as_root true 2>/dev/null || return 0
  say "Installing ${missing[*]}"
  { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"; } >/dev/null ||
    warn "apt-get could not install: ${missing[*]}"
}

has_pango() { ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0\.so\.0' || /sbin/ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0\.so\.0'; }

pick_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

packages() {
  fetch "${NEEDED[@]}" "${PRINTING[@]}"
  if [ ! -x .venv/bin/python ] && ! pick_python >/dev/null && ! command -v uv >/dev/null; then
    stop "Python 3.11 or later with its venv module is missing. As root, run
  $APT"
  fi
  if ! has_pango; then
    in_ci && stop "Pango is missing, so nothing can be printed. As root, run
  $APT"
    warn "Pango is missing: everything works but printing reports and receipts. To have that too, run as root
  $APT"
  fi
}

# The fonts of further scripts. Printing stops, and says so, at a character that no font has.
fonts() {
  fetch "${FONTS[@]}"
  local name
  for name in "${FONTS[@]}"; do
    installed "$name" || stop "$name is missing. As root, run
  apt-get install -y --no-install-recommends ${FONTS[*]}"
  done
}

chromium_path() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

test-packages() {
  fetch "${TESTING[@]}"
  server-packages
  local line="apt-get install -y --no-install-recommends ${TESTING[*]}"
  if in_ci; then
    fetch "$MAILBOX"
    [ -x /usr/sbin/dovecot ] || stop "$MAILBOX is missing, and with CI=true nothing is skipped. As root, run
  apt-get install -y --no-install-recommends $MAILBOX"
    chromium_path >/dev/null || stop "Chromium is missing, and with CI=true nothing is skipped. As root, run
  $line"
    command -v pdftoppm >/dev/null || stop "poppler-utils is missing, and with CI=true nothing is skipped. As root, run
  $line"
  fi
}

# The second database of tests and checks; nothing is installed where an address is given or the programs are there.
server-packages() {
  [ -n "${TEST_DATABASE_URL:-}" ] || command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
    fetch "$SERVER"
}

# The yardstick of looking points up: PostGIS for the newest PostgreSQL there is, else for the one the system would install.
bench-packages() {
  local major
  major=$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -1) || true
  [ -n "$major" ] || major=$(apt-cache depends postgresql 2>/dev/null | grep -o 'postgresql-[0-9]*' | grep -o '[0-9]*' | head -1) || true
  if [ -z "$major" ]; then
    warn "PostGIS is missing, and how it is called here is not known: the benches of points are skipped"
    return 0
  fi
  fetch "postgresql-$major" "postgresql-$major-postgis-3"
  [ -e "/usr/share/postgresql/$major/extension/postgis.control" ] ||
    warn "PostGIS is missing: the benches of points are skipped. To have them too, run as root
  apt-get install -y --no-install-recommends postgresql-$major-postgis-3"
}

# --- Python ---------------------------------------------------------------------------------------------------------

# install NAME FILE…: the locked libraries of these files, every one checked against its digest.
install() {
  local want file
  want=$(for file in "$@"; do say "$file $(digest "$file")"; done)
  if [ -x .venv/bin/python ] && ! grep -vxFf "$STAMPS" <<<"$want" >/dev/null 2>&1 && [ -s "$STAMPS" ]; then return 0; fi
  say "Installing the Python libraries (a minute or two, the first time)"
  local arguments=()
  for file in "$@"; do arguments+=(--requirement "$file"); done
  if command -v uv >/dev/null; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$(pick_python || echo 3.11)" .venv
    uv pip install --quiet --python .venv/bin/python --require-hashes "${arguments[@]}" || stop "$LIBRARIES"
  else
    .venv/bin/python -m pip --version >/dev/null 2>&1 || "$(pick_python)" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes "${arguments[@]}" ||
      stop "$LIBRARIES"
  fi
  # What was installed before still holds only where its file is still the same.
  for file in requirements*.txt; do
    grep -qxF "$file $(digest "$file")" "$STAMPS" 2>/dev/null && want+=$'\n'"$file $(digest "$file")"
  done
  sort -u <<<"$want" >"$STAMPS"
}

python() { install requirements.txt; }
test-python() { install requirements.txt requirements-test.txt; }
bench-python() { install requirements.txt requirements-test.txt requirements-bench.txt; }

# --- stylesheets and script -----------------------------------------------------------------------------------------

assets() {
  local want stamp=scrutiny/static/vendor/.set-up
  want=$(digest package-lock.json setup/vendor.py)
  [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
  say "Fetching the stylesheets"
  if command -v npm >/dev/null; then
    npm ci --silent --no-audit --no-fund || stop "npm could not fetch the stylesheets: check the network, then run this again"
  else
    say "There is no npm here: using the one that comes as a Python wheel"
    install requirements-assets.txt
    PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm ci --silent --no-audit --no-fund ||
      stop "The stylesheets could not be fetched: check the network, or install npm, then run this again"
  fi
  .venv/bin/python setup/vendor.py
  say "$want" >"$stamp"
}

# --- languages ------------------------------------------------------------------------------------------------------

catalogues() { .venv/bin/python -m setup.catalogues compile; }
translations() { .venv/bin/python -m setup.catalogues; }

# --- secret and demo ------------------------------------------------------------------------------------------------

secret() {
  grep -qs '^SECRET_KEY=..' .env && return 0
  say "Writing a secret key to .env"
  (umask 077 && .venv/bin/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(48))' >>.env)
  chmod 600 .env
}

demo_settings() {
  export DEMO=1
  export DATABASE_URL="sqlite:///$PWD/var/demo.db"
  export PUBLIC_URL="${PUBLIC_URL:-http://127.0.0.1:${PORT:-8000}}"
}

# Alembic tells of every step on stderr; it is shown only where a step fails.
upgrade() {
  local told
  told=$(.venv/bin/flask db upgrade 2>&1) || { say "$told" >&2; return 1; }
}

# The demo is made beside its place and moved there whole, so that one broken off half way is never served.
demo() {
  demo_settings
  mkdir -p var
  if [ -s var/demo.db ]; then
    upgrade || stop "var/demo.db could not be brought up to date; what is wrong stands above. To begin again, remove it"
    return 0
  fi
  say "Inventing the county of Loamshire"
  rm -f var/demo-new.db*
  (
    export DATABASE_URL="sqlite:///$PWD/var/demo-new.db"
    upgrade && .venv/bin/flask demo
  ) || stop "the demo could not be made; what is wrong stands above"
  mv var/demo-new.db var/demo.db
}

serve() {
  demo_settings
  exec .venv/bin/python setup/serve.py
}

# --- tests and checks -----------------------------------------------------------------------------------------------

NO_SERVER="PostgreSQL is missing: set TEST_DATABASE_URL, or run as root
  apt-get install -y --no-install-recommends $SERVER"

# Whether a server answers, or one can be started; with an address that does not answer, it stops here.
has_server() {
  local status=0
  .venv/bin/python -m setup.postgres >/dev/null || status=$?
  [ "$status" = 0 ] || [ "$status" = 3 ] || stop "PostgreSQL cannot be used; what went wrong stands above"
  [ "$status" = 0 ]
}

test() {
  local not_run=() failed=0
  export SHARED_DATA="${SHARED_DATA:-../shared/data}"
  [ -d "$SHARED_DATA/real" ] || not_run+=("tests on real data: there is no folder $SHARED_DATA/real (set SHARED_DATA)")
  has_pango || not_run+=("tests of printing: Pango is missing (apt-get install ${PRINTING[*]})")
  command -v pdftoppm >/dev/null || not_run+=("tests that look at printed pages: poppler-utils is missing")
  local tests=(-n 2 --dist loadfile --ignore=tests/browser --ignore=tests/benchmarks)
  # Hundreds of processes are started, and the second run reads the tests again: none need be compiled each time.
  export PYTHONDONTWRITEBYTECODE=
  say "On SQLite"
  TEST_DATABASE=sqlite .venv/bin/python -m pytest "${tests[@]}" || failed=$?
  if has_server; then
    say "On PostgreSQL: every test that asks for a database"
    TEST_DATABASE=postgresql .venv/bin/python -m pytest "${tests[@]}" || failed=$?
  else
    not_run+=("the tests on PostgreSQL, the database of larger instances: $NO_SERVER")
    if in_ci; then failed=1; fi
  fi
  # By themselves: what a person waits for in a page must not hang on what other tests do meanwhile.
  if chromium_path >/dev/null; then
    say "In a browser"
    .venv/bin/python -m pytest tests/browser || failed=$?
  else
    not_run+=("browser journeys: Chromium is missing (apt-get install chromium)")
  fi
  local one
  for one in "${not_run[@]}"; do warn "NOT RUN: $one"; done
  return "$failed"
}

# The long proofs: of many people at once, and whatever else carries the mark, on both databases; and how much of the code
# the tests run. Counting lines and branches doubles the time of the tests, so it is done here and not in each run of them.
proof() {
  local failed=0
  export SHARED_DATA="${SHARED_DATA:-../shared/data}"
  TEST_DATABASE=sqlite .venv/bin/python -m pytest -m proof --ignore=tests/browser --ignore=tests/benchmarks || failed=$?
  has_server || stop "$NO_SERVER"
  TEST_DATABASE=postgresql .venv/bin/python -m pytest -m proof --ignore=tests/browser --ignore=tests/benchmarks || failed=$?
  coverage || failed=$?
  return "$failed"
}

# Every test on SQLite, and the share of lines and branches they run; fails below the gate of setup/coverage_gate.py.
coverage() {
  local failed=0 report
  report=$(mktemp)
  TEST_DATABASE=sqlite .venv/bin/python -m pytest -n 2 --dist loadfile --ignore=tests/browser --ignore=tests/benchmarks \
    --cov --cov-report="json:$report" || failed=$?
  .venv/bin/python -m setup.coverage_gate "$report" || failed=$?
  rm -f "$report" .coverage
  return "$failed"
}

# Two lanes side by side, for the two processors of the machine of CI: one reads the code, the other runs the migrations.
check() {
  local told failed=0
  told=$(mktemp)
  (check_migrations) >"$told" 2>&1 &
  (check_code) || failed=$?
  wait "$!" || failed=$?
  cat "$told"
  rm -f "$told"
  return "$failed"
}

check_code() {
  local bin=.venv/bin
  say "ruff"; "$bin/ruff" check . || exit; "$bin/ruff" format --check . || exit
  say "mypy --strict workflows config"; "$bin/mypy" --strict workflows config || exit
  say "mypy scrutiny"; "$bin/mypy" scrutiny || exit
  say "lint-imports"; "$bin/lint-imports" || exit
}

check_migrations() {
  local folder
  folder=$(mktemp -d)
  say "migrations on SQLite: from nothing to now, equal to the models, and back"
  DATABASE_URL="sqlite:///$folder/check.db" migrations
  rm -rf "$folder"
  if has_server; then
    say "migrations on PostgreSQL"
    .venv/bin/python -m setup.postgres --database setup/prepare.sh migrations || exit 1
  elif in_ci; then
    stop "$NO_SERVER"
  else
    warn "NOT RUN: the migrations on PostgreSQL. $NO_SERVER"
  fi
}

# The migrations of the database at DATABASE_URL, which must be empty.
migrations() {
  local told
  export DEMO=0
  told=$({ .venv/bin/flask db upgrade && .venv/bin/flask db check && .venv/bin/flask db downgrade base; } 2>&1) ||
    { say "$told" >&2; stop "the migrations do not hold; what is wrong stands above"; }
}

# --- locks ----------------------------------------------------------------------------------------------------------

lock() {
  command -v uv >/dev/null || stop "locking needs uv: pip install uv"
  local compile=(uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate) extra
  "${compile[@]}" pyproject.toml --output-file requirements.txt
  for extra in test bench scale; do
    "${compile[@]}" pyproject.toml --extra "$extra" --constraint requirements.txt --output-file "requirements-$extra.txt"
  done
  "${compile[@]}" --group assets --output-file requirements-assets.txt
  npm install --package-lock-only --silent
  if grep -nE 'https?://' requirements*.txt package-lock.json; then stop "a lock file names a registry's address"; fi
}

# Two who set the same copy up at once take turns; whoever comes second finds everything done.
alone() {
  mkdir -p var
  exec 8>var/.set-up.lock
  if command -v flock >/dev/null; then flock 8; fi
  "$@"
  exec 8>&-
}

for step in "$@"; do
  case $step in
    packages | test-packages | bench-packages | python | test-python | bench-python | assets | catalogues | secret | demo) alone "$step" ;;
    *) "$step" ;;
  esac
done
