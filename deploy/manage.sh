#!/bin/sh
# `manage.py` on a server without containers: from any folder, as the user that the services run as, with their
# environment (/opt/rapport/.env is a link to /etc/rapport/env). Installed by:
#   install -m 755 deploy/manage.sh /usr/local/bin/manage.py
set -eu
home=/opt/rapport
user=rapport
if [ "$(id -un)" = "$user" ]; then
    exec "$home/.venv/bin/python" "$home/manage.py" "$@"
elif [ "$(id -u)" = 0 ]; then
    exec runuser -u "$user" -- "$home/.venv/bin/python" "$home/manage.py" "$@"
fi
echo "manage.py: call it as root (sudo manage.py …), so that it can work as the user $user." >&2
exit 2
