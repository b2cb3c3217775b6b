#!/usr/bin/awk -f
# SPDX-License-Identifier: GPL-3.0-or-later
# Reads all files in one pass for check-style, which holds the tables LIMITS and FORBIDDEN.

function fail(line, message) {
    print path ":" line ": error: " message
    failures++
}

function trimmed(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    return text
}

function columns(text) { # UTF-8: continuation bytes take no column
    gsub(/[\200-\277]/, "", text)
    return length(text)
}

# The code of a line: strings and characters emptied, comments taken out.
function code_of(text,    code, from, to) {
    if (!in_comment) {
        gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
        gsub(/'([^'\\]|\\.)+'/, "0", text)
    }
    for (;;) {
        if (in_comment) {
            to = index(text, "*/")
            if (!to)
                return code
            text = substr(text, to + 2)
            in_comment = 0
        }
        from = index(text, "/*")
        if (!from)
            return code text
        code = code substr(text, 1, from - 1) " "
        text = substr(text, from + 2)
        in_comment = 1
    }
}

function read_tables(    rows, row, count, i) {
    count = split(ENVIRON["LIMITS"], rows, "\n")
    for (i = 1; i <= count; i++)
        if (rows[i] ~ /[^ ]/) {
            match(rows[i], / \| [0-9]+$/)
            limit_path[++limit_count] = trimmed(substr(rows[i], 1, RSTART - 1))
            limit_lines[limit_count] = substr(rows[i], RSTART + 3) + 0
        }
    count = split(ENVIRON["FORBIDDEN"], rows, "\n")
    for (i = 1; i <= count; i++)
        if (split(rows[i], row, " [|] ") == 4) {
            rule_count++
            gsub(/ /, "|", row[1])
            call[rule_count] = "[^A-Za-z0-9_.>](" row[1] ")[ ]*\\("
            scope[rule_count] = trimmed(row[2])
            exempt[rule_count] = trimmed(row[3])
            instead[rule_count] = trimmed(row[4])
        }
}

function end_file() {
    if (path == "")
        return
    if (limit && lines > limit)
        fail(limit + 1, lines " lines, the limit is " limit)
    if (is_code && !opened)
        fail(1, "begin with SPDX-License-Identifier: GPL-3.0-or-later, then what the file is")
}

function begin_file(    i) {
    end_file()
    path = FILENAME
    is_c = path ~ /\.([ch]|def)$/
    is_code = is_c || $0 ~ /^#!/ || path ~ /\.(awk|gp|py|sh)$/
    is_text = path ~ /\.(md|ya?ml|json|txt|html)$/
    is_list = path ~ /^models\/[a-z]+\/list\.(c|h|def)$/
    is_member = path ~ /^models\/(policies|faults)\/.*\.c$/ && !is_list
    in_comment = opened = limit = spdx_line = function_line = 0
    for (i = 1; i <= limit_count && !limit; i++)
        if (path ~ limit_path[i])
            limit = limit_lines[i]
    for (i = 1; i <= rule_count; i++)
        applies[i] = is_c && path ~ scope[i] && (exempt[i] == "-" || path !~ exempt[i])
}

# SPDX on line 1, or 2 after #!, then a line that says what the file is.
function check_opening() {
    if (FNR <= 2 && !spdx_line && $0 ~ /SPDX-License-Identifier: GPL-3\.0-or-later$/ &&
        (!is_c || $0 ~ /^\/\* SPDX/ && FNR == 1))
        spdx_line = FNR
    else if (spdx_line && FNR == spdx_line + 1)
        opened = $0 ~ (is_c ? "^   [^ ]" : "^(# |\"\"\")[^ ]")
}

function check_calls(code,    i, name) {
    for (i = 1; i <= rule_count; i++)
        if (applies[i] && match(" " code, call[i])) {
            name = substr(" " code, RSTART, RLENGTH)
            gsub(/[^a-z0-9_]/, "", name)
            fail(FNR, name "() is forbidden here; use: " instead[i])
        }
}

function check_function() {
    if ($0 ~ /^\{/)
        function_line = FNR
    else if ($0 ~ /^\}/ && function_line) {
        if (FNR - function_line - 1 > function_limit)
            fail(function_line, "function of " FNR - function_line - 1 \
                 " lines, the limit is " function_limit)
        function_line = 0
    }
}

# A policy or fault defined in a folder with a list must be in that list.
function note_members(code,    words, count, i, name) {
    if (is_member && code ~ /^(static )?const struct (policy|fault)_ops [a-z0-9_]+ = /) {
        name = code
        sub(/.*_ops /, "", name)
        sub(/ = .*/, "", name)
        member_place[name] = path ":" FNR
    }
    if (is_list && code !~ /^extern /) {
        count = split(code, words, /[^a-z0-9_]+/)
        for (i = 1; i <= count; i++)
            listed[words[i]] = 1
    }
}

function check_lists(    name, short) {
    for (name in member_place) {
        short = name
        sub(/^(policy|fault)_/, "", short)
        if (!(name in listed) && !(short in listed)) {
            print member_place[name] ": error: " name " is not in its folder's list"
            failures++
        }
    }
}

BEGIN { read_tables() }

FNR == 1 { begin_file() }

{
    lines = FNR
    if (FNR <= 3 && is_code)
        check_opening()
    if ($0 ~ /[ \t\r]$/)
        fail(FNR, "blanks at the end of the line")
    if ($0 ~ /T[O]DO|FIX[M]E/)
        fail(FNR, "unfinished work is not noted in files")
    if (!is_text && length($0) > line_limit && columns($0) > line_limit)
        fail(FNR, columns($0) " columns, the limit is " line_limit)
}

is_c {
    if (index($0, "\t"))
        fail(FNR, "tab; indent by 4 spaces")
    code = code_of($0)
    if (index(code, "("))
        check_calls(code)
    note_members(code)
    check_function()
}

END {
    end_file()
    check_lists()
    exit failures > 0 || NR == 0
}
