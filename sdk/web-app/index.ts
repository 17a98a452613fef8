export { WebApp, type WebAppArgs, type WebAppBackup, type WebAppDatabase } from "./web-app";
