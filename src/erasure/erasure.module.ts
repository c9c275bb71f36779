import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ErasureController } from './erasure.controller.js';
import { ErasureService } from './erasure.service.js';
import { ErasureStore } from './erasure-store.js';

@Module({ imports: [SessionsModule], controllers: [ErasureController], providers: [ErasureService, ErasureStore] })
export class ErasureModule {}
