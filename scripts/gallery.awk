#!/usr/bin/awk -f
# SPDX-License-Identifier: GPL-3.0-or-later
# A picture by gnuplot with fewer bytes, for scripts/gallery: a tenth of a point is enough,
# points that a straight line passes are left out, bars of one colour share a path, and groups
# and symbols that draw nothing go, as does the version of gnuplot.

# Of numbers: at most one decimal, no zeros behind.
function short(number,    text) {
    text = sprintf("%.1f", number)
    sub(/\.0$/, "", text)
    return text == "-0" ? "0" : text
}

# Distance of point k from the line through points i and j.
function distance(k, i, j,    dx, dy, length_of) {
    dx = x[j] - x[i]
    dy = y[j] - y[i]
    length_of = sqrt(dx * dx + dy * dy)
    if (length_of == 0)
        return sqrt((x[k] - x[i]) ^ 2 + (y[k] - y[i]) ^ 2)
    dx = (dx * (y[k] - y[i]) - dy * (x[k] - x[i])) / length_of
    return dx < 0 ? -dx : dx
}

# Ramer, Douglas and Peucker: which of the points i..j a line within `near` needs.
function thin(i, j,    k, worst, at) {
    for (k = i + 1; k < j; k++)
        if (distance(k, i, j) > worst) {
            worst = distance(k, i, j)
            at = k
        }
    if (worst <= near)
        return
    needed[at] = 1
    thin(i, at)
    thin(at, j)
}

# The points of one stroke, thinned.
function stroke(text,    count, points, point, k, shown, result) {
    count = split(text, points, /[ \tL]+/)
    shown = 0
    for (k = 1; k <= count; k++)
        if (split(points[k], point, ",") == 2) {
            x[++shown] = point[1]
            y[shown] = point[2]
            needed[shown] = 0
        }
    needed[1] = needed[shown] = 1
    thin(1, shown)
    for (k = 1; k <= shown; k++)
        if (needed[k])
            result = result (result == "" ? "M" : " ") short(x[k]) "," short(y[k])
    return result
}

# A path of straight strokes; others are left as they are.
function path(line,    from, to, strokes, count, i, result) {
    from = index(line, " d='M")
    to = from ? index(substr(line, from + 4), "'") : 0
    if (!to || substr(line, from + 4, to - 1) !~ /^[-ML0-9., \t]+$/)
        return line
    count = split(substr(line, from + 5, to - 2), strokes, "M")
    for (i = 1; i <= count; i++)
        result = result stroke(strokes[i])
    return substr(line, 1, from - 1) " d='" result "'" substr(line, from + 4 + to)
}

# Polygons of one colour in a row become one path, closed and filled.
function polygon(line,    part, colour, points, count, i, result) {
    split(line, part, "'")
    colour = part[2]
    count = split(part[4], points, /[ ,]+/)
    for (i = 1; i + 1 <= count; i += 2)
        result = result (i == 1 ? "M" : " ") short(points[i]) "," short(points[i + 1])
    if (colour == fill) {
        sub(/'\/>$/, result "z'/>", lines[size])
        return
    }
    keep("<path fill='" colour "' d='" result "z'/>")
    fill = colour
}

function keep(line) {
    fill = ""
    lines[++size] = line
}

BEGIN {
    near = 0.15
}

# gnuplot breaks long paths.
/^[ \t]+[ML][-0-9]/ {
    sub(/^[ \t]+/, " ")
    held = held $0
    next
}

{
    finish()
    held = $0
}

END {
    finish()
    for (i = 1; i <= size; i++)
        if (marked || lines[i] !~ / id='gp(Dot|Pt)/)
            print lines[i]
}

function finish(    line) {
    line = held
    sub(/^[ \t]+/, "", line)
    sub(/[ \t]+$/, "", line)
    if (line == "" || line ~ /^<desc>/)
        return
    if (line !~ /<text>/) {
        gsub(/rgb\( +/, "rgb(", line)
        gsub(/, +/, ",", line)
        sub(/ stroke-linecap="butt" stroke-linejoin="miter"/, "", line)
    }
    if (line ~ /href='#gp/ && line !~ / id='gp/)
        marked = 1
    if (line == "</g>" && lines[size] ~ /^<g / && lines[size] !~ / (id|transform)=/ &&
        lines[size] !~ />.*>/)
        size--
    else if (line ~ /^<polygon fill = '[^']*' points = '[-0-9., ]*'\/>$/)
        polygon(line)
    else
        keep(path(line))
}
