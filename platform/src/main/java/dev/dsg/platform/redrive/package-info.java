/**
 * Dead letters, for people: read them ({@link dev.dsg.platform.redrive.LetterBox}) and, when what they failed of is mended,
 * put their records back on their topics ({@link dev.dsg.platform.redrive.Redrive}).
 */
package dev.dsg.platform.redrive;
