/** A report for people: its {@link dev.dsg.evaluator.report.Sections} are the same in every form. */
package dev.dsg.evaluator.report;
