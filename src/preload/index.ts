import { contextBridge, ipcRenderer } from 'electron';

/**
 * Gives the page one wire to the main process, and nothing else. Each page load opens its own wire; the main process
 * closes the one before it.
 */
const CHANNEL = 'warmwire:wire';

contextBridge.exposeInMainWorld('warmwire', {
  send: (message: unknown): void => ipcRenderer.send(CHANNEL, message),
  onMessage: (listener: (message: unknown) => void): void => {
    ipcRenderer.on(CHANNEL, (_event, message: unknown) => listener(message));
  },
});

ipcRenderer.send(`${CHANNEL}:open`);
