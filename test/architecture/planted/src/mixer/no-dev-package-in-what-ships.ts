export { Test } from '@nestjs/testing';
