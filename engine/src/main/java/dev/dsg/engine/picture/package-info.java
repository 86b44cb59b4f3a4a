/**
 * Pictures for people, as PNG files: calibration images, and plots of an analysis. Plots are drawn with XChart on Java's
 * own graphics, which need a font: {@code fontconfig} and any font package. The same numbers give the same plot on one
 * machine, but not on two with different fonts.
 */
package dev.dsg.engine.picture;
