export { iterate } from 'iterare';
