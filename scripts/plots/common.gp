# SPDX-License-Identifier: GPL-3.0-or-later
# What all figures share: colours, frame, caption, and the picture of no data.  Variables and
# data stand before this in the script: see README.md.
palette = '#0072b2 #d55e00 #00805c #b3568c #a87400 #555555 #7a4b1e #2f96d6'
shade(i) = word(palette, int(i) % 8 + 1)
pattern(i) = (int(i) + int(i) / 5) % 5 + 1
soft = '#57606a'

set border 3 lc rgb '#8c959f'
set tics nomirror out scale 0.5 textcolor rgb soft
set grid lc rgb '#d8dee4' lt 1 lw 0.6
set key off
set style textbox opaque noborder fillcolor rgb '#ffffff' margins 0.3, 0.1
set label 1000 title at screen 0.02, 1 - 20.0 / height left font ',14'
set label 1001 caption at screen 0.02, 14.0 / height left font ',9' textcolor rgb soft

if (strlen(empty) > 0) {
    unset border
    unset tics
    set label 1 empty at screen 0.5, 0.5 center textcolor rgb soft
    set xrange [0:1]
    set yrange [0:1]
    plot NaN notitle
    exit
}

# Margins that hold texts of so many characters.
before(characters) = characters < 56 ? (characters * 7.6 + 26) / 960 : 0.47
behind(characters) = 1 - (characters < 30 ? (characters * 7.2 + 34) / 960 : 0.26)

# Distances from the edges of the picture, in pixels.
set tmargin at screen 1 - 44.0 / height
set bmargin at screen 76.0 / height
set lmargin at screen 0.095
set rmargin at screen 0.97
set xrange [x_low:x_high]
set xlabel x_label textcolor rgb soft
if (x_log) { set logscale x }
set xtics ()
do for [i = 1:x_ticks] { set xtics add (x_tick_text[i] x_tick_at[i]) }
