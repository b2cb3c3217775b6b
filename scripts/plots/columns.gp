# SPDX-License-Identifier: GPL-3.0-or-later
# A column for each pod, in a panel for each policy, with the fair share as a dashed line.
set xrange [-0.5:rows - 0.5]
unset xlabel
unset grid
set grid y lc rgb '#d8dee4' lt 1 lw 0.6
set style fill solid 1 noborder
set boxwidth rows < 120 ? 0.8 : 1
step = 1 + int(rows * (row_width + 1) * 7.2 / 840)
top = 44.0
high = (height - top - 60) / panels
set multiplot
do for [p = 1:panels] {
    set tmargin at screen 1 - (top + (p - 1) * high + 24) / height
    set bmargin at screen 1 - (top + p * high) / height
    eval sprintf('low = y%d_low; limit = y%d_high; ticks = y%d_ticks', p, p, p)
    set yrange [low:limit]
    set ytics ()
    eval sprintf('do for [i = 1:ticks] { set ytics add (y%d_tick_text[i] y%d_tick_at[i]) }', p, p)
    unset xtics
    if (p == panels) {
        set xtics scale 0
        set xtics ()
        do for [i = 1:rows:step] { set xtics add (row_name[i] i - 1) }
    }
    set label 1 panel_title[p] at graph 0, graph 1 left offset 0, 0.7 font ',11'
    s = int(panel_first[p])
    stats $data index (s - 1) using (fair = $3, $3) nooutput
    set arrow 1 from graph 0, first fair to graph 1, first fair nohead front lw 1.2 dt 2 \
        lc rgb 'black'
    plot $data index (s - 1) using 2:1 with boxes lc rgb shade(color[s]) title name[s]
    unset label 1000
    unset label 1001
}
unset multiplot
