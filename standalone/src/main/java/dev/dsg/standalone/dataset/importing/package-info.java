/**
 * Reads labelled images in the forms in which people have them: published binaries, folders, lists.
 * {@link dev.dsg.standalone.dataset.importing.DatasetFormat} names the forms and tells which one lies somewhere; what it
 * reads goes into the store by {@link dev.dsg.standalone.catalog.DatasetShelf}.
 */
package dev.dsg.standalone.dataset.importing;
