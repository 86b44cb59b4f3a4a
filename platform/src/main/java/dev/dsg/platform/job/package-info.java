/** Jobs on record: what was asked for, written once, and where it is, changed by compare-and-set only. */
package dev.dsg.platform.job;
