# SPDX-License-Identifier: GPL-3.0-or-later
# An estimate for each policy with its interval, the lowest at the top.
set yrange [rows - 0.5:-0.5]
set lmargin at screen before(row_width)
set rmargin at screen behind(note_width)
unset grid
set grid x lc rgb '#d8dee4' lt 1 lw 0.6
set border 1
set ytics scale 0 textcolor rgb 'black'
set ytics ()
do for [i = 1:rows] {
    set ytics add (row_name[i] i - 1)
    set label i row_note[i] at graph 1, first i - 1 left offset 1.5, 0 font ',10' \
        textcolor rgb soft
}
if (x_log) { set logscale x }
do for [i = 1:marks] {
    set arrow i from mark_at[i], graph 0 to mark_at[i], graph 1 nohead lc rgb 'black' lw 1 dt 2
    set label 100 + i mark_text[i] at first mark_at[i], graph 1 center offset 0, 0.6 font ',9'
}
plot for [i = 1:series] $data index (i - 1) using 1:2:3:4 with xerrorbars lw 2 pt 7 ps 0.8 \
         lc rgb shade(color[i]) title name[i], \
     for [i = 1:series] $data index (i - 1) using 1:2 with points pt 7 ps 0.8 \
         lc rgb shade(color[i]) title name[i]
