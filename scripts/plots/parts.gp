# SPDX-License-Identifier: GPL-3.0-or-later
# The parts of the mean latency of each policy, one behind the other.
set yrange [rows - 0.5:-0.5]
set lmargin at screen before(row_width)
set rmargin at screen behind(note_width)
unset grid
set grid x lc rgb '#d8dee4' lt 1 lw 0.6
set border 1
set ytics scale 0 textcolor rgb 'black'
set ytics ()
array sum[rows]
do for [i = 1:rows] {
    sum[i] = 0
    set ytics add (row_name[i] i - 1)
    set label i row_note[i] at graph 1, first i - 1 left offset 1.5, 0 font ',10' \
        textcolor rgb soft
}
# Bars are drawn from 0 to the end of each part, the last part first.
upto(s, row) = s < 1 ? 0 : real(word(values[s], row + 1)) + upto(s - 1, row)
array values[series]
do for [s = 1:series] {
    values[s] = ''
    stats $data index (s - 1) using (values[s] = values[s] . sprintf('%.17g ', $1), $1) nooutput
}
set style fill solid 1 noborder
set key at screen 0.97, screen 1 - 20.0 / height right horizontal samplen 1 noenhanced
plot for [s = series:1:-1] $data index (s - 1) \
    using (0):2:(0):(upto(s, int($2))):($2 - 0.32):($2 + 0.32) with boxxyerror \
    lc rgb shade(color[s]) title name[s]
