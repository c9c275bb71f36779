import { Module } from '@nestjs/common';
import { CaptionPageController } from './caption-page.controller.js';

@Module({ controllers: [CaptionPageController] })
export class CaptionPageModule {}
