# What pulumi refuses in the shell that `make env` gives: any stack but `local`. Its backend is the checkout's
# .local/state, which is for the tutorial alone: its passphrase is public. Read by .local/shell/pulumi.
refuse() {
    cat >&2 <<END
error: this shell is for the stack \`local\` alone: its backend is .local/state, and its passphrase is public
For a stack of your own, open a new shell, and begin with \`pulumi login\`.
END
    exit 1
}

case ${1:-} in new) refuse ;; esac
before=
selects=
for word in "$@"; do
    case "$before $word" in
    "stack new" | "stack init" | "stack create" | "stack setup") refuse ;;
    "stack select") selects=yes ;;
    "-s local" | "--stack local" | "-s "*/local | "--stack "*/local) ;;
    "-s "* | "--stack "*) refuse ;;
    esac
    case "$selects $word" in
    *" --stack=local" | *" --stack="*/local) ;;
    *" --stack="* | "yes --create" | "yes -c") refuse ;;
    esac
    before=$word
done
