# SPDX-License-Identifier: GPL-3.0-or-later
# Keys moved by each membership change as a bar, with a tick at the least that had to move.
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
set style fill solid 1 noborder
plot for [i = 1:series] $data index (i - 1) \
         using (0):2:(0):1:($2 - 0.32):($2 + 0.32) with boxxyerror lc rgb shade(color[i]) \
         title name[i], \
     $data using 3:($2 - 0.42):(0):(0.84) with vectors nohead lw 3 lc rgb 'black' title 'least'
