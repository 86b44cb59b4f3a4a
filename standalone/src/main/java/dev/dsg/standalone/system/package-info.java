/**
 * The processes of the system on this machine: started, found again by any later command, stopped. What they keep lies in
 * one folder, the {@linkplain dev.dsg.standalone.system.Home home}.
 */
package dev.dsg.standalone.system;
