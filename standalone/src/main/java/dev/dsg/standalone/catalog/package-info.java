/** Networks and data sets on their way from this machine into the store. */
package dev.dsg.standalone.catalog;
