import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { IntervalRunner } from './interval.js';

@Module({ imports: [DiscoveryModule], providers: [IntervalRunner] })
export class IntervalModule {}
